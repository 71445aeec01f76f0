// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { accruedOrSame, dividedUp, type RateRise, YEAR_SECONDS } from '../raising.ts'
import { accrue, readMarket } from './accrual.ts'
import { type CometMarket, faultOf } from './state.ts'

/** The borrow rate raised from `env.timestamp` on, to which the market is accrued first. The supply rate has a curve of its own and stays. */
export const withRates = (market: CometMarket, rise: RateRise, { timestamp }: Env): CometMarket => {
  if (faultOf(market)) return market
  const stored = readMarket(market)
  const points = rise(stored.configuration.baseToken)
  if (points === 0n) return market
  const now = accruedOrSame(stored, () => accrue(stored, timestamp))
  const { borrowRate } = now.configuration
  const perSecond = (borrowRate.rise ?? 0n) + dividedUp(points, YEAR_SECONDS)
  return {
    ...now,
    configuration: { ...now.configuration, borrowRate: { ...borrowRate, rise: perSecond } },
  }
}
