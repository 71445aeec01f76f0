// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { raisedTokens } from '../compound-v2/rates.ts'
import { accruedOrSame, dividedUp, type RateRise, raisedBy } from '../raising.ts'
import { vaiPriceIn } from './liquidity.ts'
import type { VenusMarket } from './state.ts'
import { accrueVai } from './vai.ts'
import { blockOf } from './world.ts'

/**
 * VAI whose base rate is raised. The controller takes a base rate of 0 for no interest at all, so that what floats on top of it keeps
 * it above, and does not begin where there was none.
 */
const raisedVai = ({ vai }: VenusMarket, rise: RateRise, block: bigint, env: Env): VenusMarket['vai'] => {
  if (!vai || 'fault' in vai) return vai
  const points = rise(vai.token)
  if (points === 0n) return vai
  const now = accruedOrSame(vai, () => accrueVai(vai, block, vaiPriceIn(env, vai.token)))
  const floatRate = now.baseRate === 0n ? 0n : now.floatRate
  const raised = raisedBy(now.baseRate, points)
  return { ...now, floatRate, baseRate: raised === 0n && floatRate > 0n ? 1n : raised }
}

/** The borrow rates, and VAI's, raised from the block of `env` on, to which they are accrued first. A block's part of a rise is rounded up. */
export const withRates = (market: VenusMarket, rise: RateRise, env: Env): VenusMarket => {
  const block = blockOf(market, env)
  const cTokens = raisedTokens(market.cTokens, block, ({ underlying }) =>
    dividedUp(rise(underlying.asset), market.blocksPerYear),
  )
  const vai = raisedVai(market, rise, block, env)
  if (cTokens === market.cTokens && vai === market.vai) return market
  return { ...market, cTokens, ...(vai ? { vai } : {}) }
}
