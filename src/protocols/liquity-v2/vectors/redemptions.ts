// Redemptions that were sent: over all branches, and urgent ones from a branch that was shut down.
import { zeroAddress } from 'viem'
import type { Deployment } from '../../adapter.ts'
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { latestTrove } from '../accrual.ts'
import type { Book } from '../liquidating.ts'
import { type RedeemedTrove, urgentRedemption } from '../redeeming.ts'
import { redemptions } from '../redemption.ts'
import { type RedeemedBranch, redeemOverall, redemptionRateDown } from '../registry-redemption.ts'
import { type LiquityMirror, positionKey, type TroveId, type TrovePosition } from '../state.ts'
import { trovesIn } from './liquidations.ts'
import { branchOf, envOf, idOf, isOpen, recordedBranch, registryOf } from './recorded.ts'

const namesIn = (recorded: readonly VectorFile[]): readonly string[] => recorded.map((one) => one['trove'])

const nameOf = (id: TroveId, names: readonly string[]): string =>
  names.find((name) => idOf(name) === id) ?? id

/** A trove as it is after a redemption. */
const afterOf = ({ branch, troves }: Book, id: TroveId, now: number) => {
  const trove = troves.get(id)
  if (!trove) return undefined
  const { entireDebt, entireColl } = latestTrove(branch, trove, now)
  return { entireDebt, entireColl, stake: trove.stake, batchDebtShares: trove.batchDebtShares }
}

const operationOf = ({ id, latest, lot }: RedeemedTrove, names: readonly string[]) => ({
  trove: nameOf(id, names),
  _annualInterestRate: latest.annualInterestRate,
  _debtIncreaseFromRedist: latest.redistBoldDebtGain,
  _debtChangeFromOperation: -lot.bold,
  _collIncreaseFromRedist: latest.redistCollGain,
  _collChangeFromOperation: -lot.coll,
  _ETHFee: lot.collFee,
})

const branchOutcome = (recorded: VectorFile, done: RedeemedBranch | undefined, now: number) => {
  const names = namesIn(recorded['troves'])
  const lastZombie = done?.book.branch.pools.lastZombieTroveId ?? null
  if (!done)
    return {
      name: recorded['name'],
      Redemption: null,
      troves: [],
      lastZombieTroveIdAfter: recorded['lastZombieTroveId'],
    }
  return {
    name: recorded['name'],
    Redemption: {
      _attemptedBoldAmount: done.asked,
      _actualBoldAmount: done.totals.bold,
      _ETHSent: done.totals.coll,
      _ETHFee: done.totals.collFee,
      _price: recorded['price'],
      _redemptionPrice: recorded['redemptionPrice'],
    },
    troves: done.troves.map((one) => ({
      ...operationOf(one, names),
      after: afterOf(done.book, one.id, now),
      statusAfter: done.book.troves.get(one.id)?.status,
    })),
    lastZombieTroveIdAfter: lastZombie === null ? null : nameOf(lastZombie, names),
  }
}

const branchesIn = (record: VectorFile) =>
  (record['branches'] as VectorFile[]).map((recorded) => {
    const branch = branchOf(recorded)
    const sorted: readonly string[] = recorded['sortedTrovesFromLast']
    return {
      recorded,
      branch,
      troves: trovesIn(recorded['troves'], branch, sorted),
      queue: sorted.map(idOf),
      price: BigInt(recorded['price']),
      redemptionPrice: BigInt(recorded['redemptionPrice']),
    }
  })

type Branches = ReturnType<typeof branchesIn>

/** The same redemption as the adapter previews it, over a mirror. */
const previewOf = (record: VectorFile, branches: Branches) => {
  const registry = registryOf(
    record['registry'],
    branches.map(({ branch }) => branch),
  )
  const markets = new Map(
    [registry, ...branches.map(({ branch }) => branch)].map((market) => [market.id.market, market]),
  )
  const positions = new Map<string, TrovePosition>(
    branches.flatMap(({ branch, troves }) =>
      [...troves].map(([id, trove]) => [positionKey(branch.id.market, id), trove] as const),
    ),
  )
  const mirror: LiquityMirror = {
    deployment: {
      ...{ chainId: 1, protocol: 'liquity-v2', deployment: 'vectors' },
      collateralRegistry: zeroAddress,
      branches: Object.fromEntries(registry.branches.map((name) => [name, zeroAddress])),
    } as Deployment,
    markets,
    positions,
    prices: new Map(),
    tallies: new Map(),
  }
  const env = envOf(record['txTimestamp'], branches, [...markets.values()])
  return redemptions.redeem(mirror, env, BigInt(record['boldAmount']))
}

const checkPreview = (record: VectorFile, branches: Branches): readonly string[] => {
  if (record['maxIterationsPerCollateral'] !== '0') return []
  const preview = previewOf(record, branches)
  if (preview.kind === 'blocked') return [`preview: ${preview.revert}`]
  const taken = (record['expected'].branches as VectorFile[]).flatMap(({ troves }) => troves as VectorFile[])
  const amounts = preview.positions.map(({ debt, collateral, fee }) => ({
    _debtChangeFromOperation: -debt.amount,
    _collChangeFromOperation: -collateral.amount,
    _ETHFee: fee.amount,
  }))
  const recorded = taken.map(({ _debtChangeFromOperation, _collChangeFromOperation, _ETHFee }) => ({
    _debtChangeFromOperation,
    _collChangeFromOperation,
    _ETHFee,
  }))
  return compareRecorded(recorded, amounts)
}

export const checkRedemption = (record: VectorFile): readonly string[] => {
  const branches = branchesIn(record)
  const { rate: registry } = registryOf(
    record['registry'],
    branches.map(({ branch }) => branch),
  )
  const now = Number(record['txTimestamp'])
  const rate = redemptionRateDown(registry, 0n, now)
  const redeemable = branches.map(({ branch, troves, ...one }) => ({ ...one, book: { branch, troves } }))
  const iterationsMax = BigInt(record['maxIterationsPerCollateral'])
  const done = unlessRefused(() =>
    redeemOverall(registry, redeemable, BigInt(record['boldAmount']), iterationsMax, now),
  )
  const outcome =
    'kind' in done
      ? { ok: false, revert: done.revert }
      : {
          ok: true,
          branches: branches.map(({ recorded }, index) => branchOutcome(recorded, done.branches[index], now)),
          registryAfter: {
            baseRate: done.registry.baseRate,
            lastFeeOperationTime: String(done.registry.lastFeeOperationTime),
          },
        }
  return [
    ...compareRecorded(record['getRedemptionRateWithDecay'], rate),
    ...compareRecorded(record['expected'], outcome),
    ...checkPreview(record, branches),
  ]
}

export const checkUrgent = (record: VectorFile): readonly string[] => {
  const branch = branchOf(record['branch'])
  const price = BigInt(record['branch'].price)
  const now = Number(record['txTimestamp'])
  const recorded: readonly VectorFile[] = record['troves']
  const names = namesIn(recorded)
  const request = {
    bold: BigInt(record['_boldAmount']),
    ids: names.map(idOf),
    collMin: BigInt(record['_minCollateral']),
    boldBalance: BigInt(record['boldBalance']),
  }
  const book: Book = { branch, troves: trovesIn(recorded, branch) }
  const done = unlessRefused(() => urgentRedemption(book, request, price, now))
  if ('kind' in done) return compareRecorded(record['expected'], { ok: false, revert: done.revert })
  const once = recorded.filter((one, index) => names.indexOf(one['trove']) === index)
  const after = once.map((one) => {
    const id = idOf(one['trove'])
    const status = done.book.troves.get(id)?.status ?? one['status']
    const closed = { entireDebt: 0n, entireColl: 0n, stake: 0n, batchDebtShares: 0n }
    return { trove: one['trove'], status, ...(isOpen(one) ? afterOf(done.book, id, now) : closed) }
  })
  return compareRecorded(record['expected'], {
    ok: true,
    Redemption: {
      _attemptedBoldAmount: request.bold,
      _actualBoldAmount: done.totals.bold,
      _ETHSent: done.totals.coll,
      _ETHFee: 0n,
      _price: price,
      _redemptionPrice: price,
    },
    TroveOperation: done.troves.map((one) => operationOf(one, names)),
    after,
    branchAfter: recordedBranch(done.book.branch, record['branch'], names),
  })
}
