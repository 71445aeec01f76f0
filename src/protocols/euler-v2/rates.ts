// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { accruedOrSame, dividedUp, type RateRise, raisedBy, rayOf, YEAR_SECONDS } from '../raising.ts'
import { accrue } from './accrual.ts'
import { cappedRate } from './rate-model.ts'
import { type EulerMarket, isReadVault } from './state.ts'

/**
 * The interest rate of a vault raised from `env.timestamp` on, to which it is accrued first, up to the highest that a vault takes; what
 * its model makes of later balances is as much higher. Suppliers own what is owed, and gain with it.
 */
export const withRates = (market: EulerMarket, rise: RateRise, { timestamp }: Env): EulerMarket => {
  if (market.fault || !isReadVault(market)) return market
  const points = rise(market.identity.asset)
  if (points === 0n) return market
  const now = accruedOrSame(market, () => accrue(market, timestamp))
  const perSecond = dividedUp(rayOf(points), YEAR_SECONDS)
  const { rateModel } = now.config
  return {
    ...now,
    status: { ...now.status, interestRate: cappedRate(raisedBy(now.status.interestRate, perSecond)) },
    config: {
      ...now.config,
      rateModel:
        rateModel.kind === 'held' ? rateModel : { ...rateModel, rise: (rateModel.rise ?? 0n) + perSecond },
    },
  }
}
