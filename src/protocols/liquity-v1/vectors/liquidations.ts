// Real calls of liquidate, batchLiquidateTroves and liquidateTroves.
import { unlessRefused } from '../../refusing.ts'
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import type { Liquidated, Liquidating } from '../liquidating.ts'
import { executeLiquidation, type LiquityRequest, liquidate } from '../liquidation.ts'
import type { ReadMarket, Trove } from '../state.ts'
import { isRecoveryMode, totalRatioDown } from '../system.ts'
import { currentRatioDown } from '../trove.ts'
import { booksOf, envOf, marketOf, namesOf, queued, requestOf, troveOf } from './recorded.ts'
import { checkState } from './scenes.ts'

type Names = ReadonlyMap<string, string>

/** TroveLiquidated: where the collateral is capped the event shows what the pool gets of it. */
const eventOf = ({ trove, ...one }: Liquidated, market: ReadMarket, price: bigint, names: Names) => {
  const isCapped = currentRatioDown(trove, market.system, price) >= market.parameters.mcr
  return {
    trove: names.get(trove.owner),
    _debt: one.debt,
    _coll: isCapped ? one.collToPool : one.coll,
    _operation: one.operation,
  }
}

const surplusesOf = (liquidated: readonly Liquidated[], names: Names) =>
  Object.fromEntries(
    liquidated
      .filter(({ surplus }) => surplus > 0n)
      .map(({ trove, surplus }) => [names.get(trove.owner) ?? '', surplus]),
  )

/** Everything that is recorded of a call that went through. Pools that the product does not follow grow by what it moves. */
const toldOf = (before: ReadMarket, done: Liquidating, recorded: VectorFile, names: Names) => {
  const price = BigInt(recorded['price'])
  const { totals, liquidated, market } = done
  return {
    ok: true,
    Liquidation: {
      _liquidatedDebt: totals.debt,
      _liquidatedColl: totals.collToPool + totals.collToRedistribute,
      _collGasCompensation: totals.collGasCompensation,
      _LUSDGasCompensation: totals.debtGasCompensation,
    },
    TroveLiquidated: liquidated.map((one) => eventOf(one, before, price, names)),
    surplusOf: surplusesOf(liquidated, names),
    liquidatorLUSD: totals.debtGasCompensation,
    after: {
      ...booksOf(market.system),
      stabilityPoolETH: BigInt(recorded['stabilityPool'].ETH) + totals.collToPool,
      collSurplusPoolETH: BigInt(recorded['collSurplusPool'].ETH) + totals.surplus,
      getTCR: totalRatioDown(market.system, price),
      checkRecoveryMode: isRecoveryMode(market, price),
    },
  }
}

/** For a call without troves. */
const NOBODY = {
  trove: 'nobody',
  status: 'nonExistent',
  ...{ debt: '0', coll: '0', stake: '0', rewardSnapshot: { ETH: '0', LUSDDebt: '0' } },
}

/** Recorded objects that name troves have to name as many as ours. */
const compareCount = (recorded: object, ours: object): readonly string[] => {
  const [theirs, own] = [Object.keys(recorded).length, Object.keys(ours).length]
  return theirs === own ? [] : [`surplusOf: recorded ${theirs} troves, ours ${own}`]
}

/** What `liquidate` tells of the call, in the vocabulary of all protocols. */
const checkOutcome = (
  market: ReadMarket,
  trove: Trove,
  record: VectorFile,
  request: LiquityRequest,
): readonly string[] => {
  const env = envOf(record['system'].price, record['txTimestamp'])
  const outcome = liquidate(market, trove, env, request)
  if (outcome.kind === 'blocked') return compareRecorded(record['expected'], { ok: false, ...outcome })
  const { Liquidation } = record['expected']
  return compareRecorded(
    {
      repaid: Liquidation?._liquidatedDebt,
      seized: Liquidation?._liquidatedColl,
      reward: [Liquidation?._LUSDGasCompensation, Liquidation?._collGasCompensation],
    },
    {
      repaid: outcome.repaid.amount,
      seized: outcome.seized[0]?.amount,
      reward: outcome.reward?.map(({ amount }) => amount),
    },
  )
}

export const checkLiquidation = (record: VectorFile, file: VectorFile): readonly string[] => {
  const market = marketOf(record['system'], file['version'])
  const env = envOf(record['system'].price, record['txTimestamp'])
  const troves: readonly Trove[] =
    record['call'] === 'liquidateTroves' ? queued(record['troves']) : record['troves'].map(troveOf)
  const request: LiquityRequest = {
    ...requestOf(market, record['call']),
    troves,
    ...(record['_n'] === undefined ? {} : { count: BigInt(record['_n']) }),
  }
  const trove = troves[0] ?? troveOf(NOBODY)
  const done = unlessRefused(() => executeLiquidation(market, trove, env, request))
  const names = namesOf(record['troves'])
  const { expected } = record as { expected: VectorFile }
  const views = checkState(record['system'], file)
  if ('kind' in done) return [...views, ...compareRecorded(expected, { ok: false, revert: done.revert })]
  const told = toldOf(market, done, record['system'], names)
  return [
    ...views,
    ...compareRecorded(expected, told),
    ...compareCount(expected['surplusOf'] ?? {}, told.surplusOf),
    ...checkOutcome(market, trove, record, request),
  ]
}
