// The system as a whole, and every trove in it, as the contracts' views tell.
import { compareRecorded, type VectorFile } from '../../vectors.ts'
import { assess } from '../assess.ts'
import { LIQUIDATE, liquidate } from '../liquidation.ts'
import { nominalRatioDown } from '../math.ts'
import { revisions } from '../revisions.ts'
import type { ReadMarket } from '../state.ts'
import {
  borrowingRate,
  decayedBaseRateDown,
  entireSystem,
  isRecoveryMode,
  redemptionRate,
  totalRatioDown,
} from '../system.ts'
import { currentRatioDown, entireAmounts, hasPendingRewards, pendingRewardsDown } from '../trove.ts'
import { envOf, marketOf, requestOf, troveOf } from './recorded.ts'

/** What the views say of the system as a whole. */
export const viewsOf = (market: ReadMarket, price: bigint, timestamp: number) => {
  const { system, parameters, traits } = market
  const { coll, debt } = entireSystem(system)
  const baseRate = decayedBaseRateDown(market, timestamp)
  return {
    getTCR: totalRatioDown(system, price),
    checkRecoveryMode: isRecoveryMode(market, price),
    getEntireSystemColl: coll,
    getEntireSystemDebt: debt,
    getRedemptionRateWithDecay: redemptionRate(parameters, baseRate),
    getBorrowingRateWithDecay: borrowingRate(parameters, baseRate),
    getMaxAmountToOffset: revisions[traits.revision].offsetMax(system),
  }
}

export const checkState = (recorded: VectorFile, file: VectorFile): readonly string[] => {
  const market = marketOf(recorded, file['version'])
  const views = viewsOf(market, BigInt(recorded['price']), Number(recorded['timestamp']))
  return compareRecorded(recorded['expected'], views)
}

/** What the product itself tells of a trove has to be the same. */
const checkHealth = (scene: VectorFile, market: ReadMarket, price: string, timestamp: string) => {
  const { getEntireDebtAndColl: entire, getCurrentICR, liquidate: tried } = scene['expected']
  const health = assess(market, troveOf(scene), envOf(price, timestamp))
  if (health.kind === 'unassessable') return [`unassessable: ${health.detail}`]
  const isOwing = BigInt(entire.debt) > 0n
  const ratio = (BigInt(getCurrentICR) * 10n ** 18n) / market.parameters.mcr
  return compareRecorded(
    {
      debtValue: entire.debt,
      collateral: entire.coll,
      isExecutable: tried.ok,
      ...(isOwing ? { healthFactor: ratio.toString() } : {}),
    },
    { ...health, collateral: health.collateral[0]?.amount ?? 0n },
  )
}

export const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const { price, timestamp, ...recorded } = file['states'][scene['state']]
  const market = marketOf(recorded, file['version'])
  const { system } = market
  const trove = troveOf(scene)
  const pending = pendingRewardsDown(trove, system)
  const entire = entireAmounts(trove, system)
  const outcome = liquidate(market, trove, envOf(price, timestamp), requestOf(market, LIQUIDATE))
  const told = {
    getEntireDebtAndColl: {
      ...entire,
      pendingLUSDDebtReward: pending.debt,
      pendingETHReward: pending.coll,
    },
    getCurrentICR: currentRatioDown(trove, system, BigInt(price)),
    getNominalICR: nominalRatioDown(entire.coll, entire.debt),
    hasPendingRewards: hasPendingRewards(trove, system),
    liquidate: outcome.kind === 'liquidated' ? { ok: true } : { ok: false, revert: outcome.revert },
  }
  return [...compareRecorded(scene['expected'], told), ...checkHealth(scene, market, price, timestamp)]
}
