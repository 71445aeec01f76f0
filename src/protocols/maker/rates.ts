// Stability fees as a scenario raises them.
import { RAY } from '../../units/brands.ts'
import { rayPowHalfUp } from '../../units/ray-pow.ts'
import type { Env } from '../adapter.ts'
import { accruedOrSame, type RateRise, rayOf, YEAR_SECONDS } from '../raising.ts'
import { rateAfterDrip } from './accrual.ts'
import type { IlkMarket, MakerMarket } from './state.ts'
import { SYSTEM } from './state.ts'

/** A fee per second that no rise goes beyond: more than 2^256 in a year. */
const FEE_BITS = 100n

/** The least fee per second, a ray, behind which a year's factor is at least `factor`. */
const feeUp = (factor: bigint): bigint => {
  let [below, enough] = [RAY - 1n, RAY + (1n << FEE_BITS)]
  while (enough - below > 1n) {
    const middle = (below + enough) / 2n
    const reached = rayPowHalfUp(middle, YEAR_SECONDS)
    if (reached === undefined || reached >= factor) enough = middle
    else below = middle
  }
  return enough
}

/** Base and duty together, raised: a year's factor grows by `points`, and not to less than 1, where it was more. */
const raisedFee = (fee: bigint, points: bigint): bigint => {
  const factor = rayPowHalfUp(fee, YEAR_SECONDS)
  if (factor === undefined) return fee
  const wanted = factor + points
  if (wanted > RAY) return feeUp(wanted)
  return fee < RAY ? fee : RAY
}

/**
 * An ilk's duty raised from `env.timestamp` on, to which it is dripped first, as Jug.file wants it, so that what a debt grows by in a year is by
 * that much more: the least duty that does. What all ilks owe together is not counted up.
 */
export const withRates = (market: MakerMarket, rise: RateRise, { timestamp, markets }: Env): MakerMarket => {
  if (market.fault || market.isShared) return market
  const shared = markets(SYSTEM) as MakerMarket | undefined
  const system = shared?.isShared ? shared.system : undefined
  const { vat, jug } = market
  if (!system || !vat || !jug) return market
  const points = rayOf(rise(market.modules.dai))
  if (points === 0n) return market
  const dripped = (): IlkMarket => ({
    ...market,
    vat: { ...vat, rate: rateAfterDrip(jug, system.base, vat.rate, timestamp) },
    jug: { ...jug, rho: timestamp },
  })
  const now = accruedOrSame(market, dripped)
  const duty = raisedFee(system.base + jug.duty, points) - system.base
  return { ...now, jug: { ...(now.jug ?? jug), duty } }
}
