// Rates of interest as a scenario raises them.

import type { Env } from '../adapter.ts'
import { accruedOrSame, changedParts, type RateRise, raisedBy, rayOf } from '../raising.ts'
import { accrued } from './accrual.ts'
import { revisionOf } from './revisions/index.ts'
import type { AaveMarket } from './state.ts'

/**
 * The variable borrow rates raised from `env.timestamp` on, to which the reserve is accrued first, as ReserveLogic does before every change
 * of rates. Supply rates stay, and so do loans at a stable rate, whose rate is their own.
 */
export const withRates = (market: AaveMarket, rise: RateRise, { timestamp }: Env): AaveMarket => {
  const revision = revisionOf(market.revision)
  if (!revision) return market
  const reserves = changedParts(market.reserves, (reserve) => {
    const points = rise(reserve.asset)
    if (points === 0n || reserve.fault) return reserve
    const now = accruedOrSame(reserve, () => accrued(reserve, revision, timestamp))
    return { ...now, variableBorrowRate: raisedBy(now.variableBorrowRate, rayOf(points)) }
  })
  return reserves === market.reserves ? market : { ...market, reserves }
}
