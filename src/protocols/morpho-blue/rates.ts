// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { accruedOrSame, dividedUp, type RateRise, YEAR_SECONDS } from '../raising.ts'
import { accrue, type ReadMarket, readMarket } from './accrual.ts'
import type { MorphoMarket } from './state.ts'

/**
 * What the rate model answers raised from `env.timestamp` on, to which the market is accrued first; a curve that adapts itself goes on doing
 * so. A market without a rate model bears no interest and keeps to that. Suppliers own what is owed, and gain with it.
 */
export const withRates = (market: MorphoMarket, rise: RateRise, { timestamp }: Env): MorphoMarket => {
  const kind = market.fault ? undefined : market.reading?.rate.kind
  if (kind !== 'adaptive-curve' && kind !== 'given') return market
  const points = rise(market.params.loanToken)
  if (points === 0n) return market
  const stored: ReadMarket = readMarket(market)
  const { reading, ...rest } = accruedOrSame(stored, () => accrue(stored, timestamp).market)
  const { rate } = reading
  if (rate.kind !== 'adaptive-curve' && rate.kind !== 'given') return market
  const perSecond = (rate.rise ?? 0n) + dividedUp(points, YEAR_SECONDS)
  return { ...rest, reading: { ...reading, rate: { ...rate, rise: perSecond } } }
}
