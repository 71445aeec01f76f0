// Liquidations that were sent: events, what everybody got, and the branch behind them.

import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import type { ReadBranch } from '../accrual.ts'
import { batchLiquidateTroves, type LiquidatedTroves } from '../liquidating.ts'
import type { TroveId, TrovePosition } from '../state.ts'
import { branchOf, idOf, isOpen, positionOf, recordedBranch } from './recorded.ts'
import { gettersOf, trialOf } from './scenes.ts'

const namesIn = (record: VectorFile): readonly string[] =>
  record['troves'].map((one: VectorFile) => one['trove'])

/** Open troves by id. */
export const trovesIn = (
  recorded: readonly VectorFile[],
  branch: ReadBranch,
  sorted?: readonly string[],
): ReadonlyMap<TroveId, TrovePosition> =>
  new Map(recorded.filter(isOpen).map((one) => [idOf(one['trove']), positionOf(one, branch, sorted)]))

const eventOf = ({ totals, gasCompensation, book }: LiquidatedTroves, price: bigint) => ({
  _debtOffsetBySP: totals.debtToOffset,
  _debtRedistributed: totals.debtToRedistribute,
  _boldGasCompensation: gasCompensation,
  _collGasCompensation: totals.collGasCompensation,
  _collSentToSP: totals.collToSendToSP,
  _collRedistributed: totals.collToRedistribute,
  _collSurplus: totals.collSurplus,
  _L_ETH: book.branch.redistribution.L_coll,
  _L_boldDebt: book.branch.redistribution.L_boldDebt,
  _price: price,
})

const operationsOf = ({ liquidated }: LiquidatedTroves, names: readonly string[]) =>
  liquidated.map(({ id, latest }) => ({
    trove: names.find((name) => idOf(name) === id),
    _debtIncreaseFromRedist: latest.redistBoldDebtGain,
    _debtIncreaseFromUpfrontFee: 0n,
    _debtChangeFromOperation: -latest.entireDebt,
    _collIncreaseFromRedist: latest.redistCollGain,
    _collChangeFromOperation: -latest.entireColl,
  }))

const outcomeOf = (record: VectorFile, done: LiquidatedTroves, before: ReadBranch) => {
  const names = namesIn(record)
  const { totals, gasCompensation, liquidated, book } = done
  const isWeth = before.collateral.address === before.weth.address
  const both = totals.collGasCompensation + gasCompensation
  const surplusOf = (name: string): bigint =>
    liquidated.find(({ id }) => id === idOf(name))?.split.collSurplus ?? 0n
  return {
    ok: true,
    Liquidation: eventOf(done, BigInt(record['branch'].price)),
    TroveOperation: operationsOf(done, names),
    surplusOf: Object.fromEntries(names.map((name) => [name, surplusOf(name)])),
    liquidatorColl: isWeth ? both : totals.collGasCompensation,
    liquidatorWETH: isWeth ? both : gasCompensation,
    after: {
      ...recordedBranch(book.branch, record['branch'], names),
      collSurplus: BigInt(record['branch'].collSurplusPool.collBalance) + totals.collSurplus,
    },
  }
}

export const checkLiquidation = (record: VectorFile): readonly string[] => {
  const branch = branchOf(record['branch'])
  const price = BigInt(record['branch'].price)
  const now = Number(record['txTimestamp'])
  const troves = trovesIn(record['troves'], branch)
  const ids = namesIn(record).map(idOf)
  const getters = (record['troves'] as VectorFile[]).flatMap((one) =>
    compareRecorded(one['atTx'], gettersOf(branch, positionOf(one, branch), price, now)),
  )
  const done = unlessRefused(() => batchLiquidateTroves({ branch, troves }, ids, price, now))
  const outcome = 'kind' in done ? { ok: false, revert: done.revert } : outcomeOf(record, done, branch)
  return [...getters, ...compareRecorded(record['expected'], outcome), ...checkAlone(record, branch, price)]
}

/** A list of one is what the adapter itself liquidates, and assesses. */
const checkAlone = (record: VectorFile, branch: ReadBranch, price: bigint): readonly string[] => {
  const [only, another] = record['troves'] as VectorFile[]
  if (!only || another || !isOpen(only)) return []
  const trial = trialOf(branch, positionOf(only, branch), price, record['txTimestamp'])
  const { ok, revert } = record['expected']
  return compareRecorded({ ok, ...(ok ? {} : { revert }) }, trial)
}
