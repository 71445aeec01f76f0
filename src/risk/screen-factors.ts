// The factors of a screen, packed: what a unit of each is worth at the head, by number.
import type { PriceKey } from '../model/price.ts'
import type { ScreenFactor, ScreenTermOf } from '../protocols/screening.ts'
import { grown } from '../units/grown.ts'

/**
 * What a side of a row may differ from the sum of its exact terms, as a share of the sum of their sizes. A term is an
 * amount and a centre, each rounded to float64 (u = 2^-53), times one another, and added to at most 127 others: together
 * less than 132 u. The sum of radii is rounded as often, and the end of the bound once more: both less than 132 u of
 * what they add to. 2^-45 is 256 u.
 */
export const SUM_ERROR = 2 ** -45

/** More than all that numbers too small for float64 can hide in a term. */
const UNDERFLOW = 2 ** -1000

/** More than the roundings of the quotient, products and sums that a share of a market's worst error goes through. */
const SHARE_ERROR = 2 ** -40

/** A larger share of a term tells nothing, and might hide what is too small for float64. */
const SHARE_MAX = 1

/** Where a factor is made use of. */
export const SIDE = { collateral: 1, debt: 2 } as const

/** No feed: the factor is proportional to no price, or not to one alone. */
export const NO_FEED = -1

/**
 * Factor f is worth `centres[f]` a unit, give or take `radii[f]`, and `slacks[f]` once a term; NaN where it is not known.
 * `feeds[f]` numbers the price that it is proportional to, `terms[f]` bounds one term of it by itself, `wholes[f]`
 * is 1 where sums of these are whole, `sides[f]` adds up where it is made use of. A term of market m errs by at most `errorShares[m]` of its size
 * and `errorSlacks[m]`, if it is known. The arrays are replaced as they grow.
 */
export type Factors = {
  centres: Float64Array
  radii: Float64Array
  slacks: Float64Array
  feeds: Int32Array
  readonly terms: (ScreenTermOf | undefined)[]
  wholes: Uint8Array
  sides: Uint8Array
  errorShares: Float64Array
  errorSlacks: Float64Array
  readonly markets: readonly string[]
  readonly feedKeys: readonly PriceKey[]
  marketOf(name: string): number
  feedOf(key: PriceKey): number | undefined
  /** The number of a factor of a market, which a side makes use of. */
  factorOf(market: number, name: string, side: number): number
  /** Factors of one market, by name. */
  named(market: number): ReadonlyMap<string, number>
  /** Sets what a factor is worth; answers whether that is anything new. */
  set(factor: number, value: ScreenFactor | undefined): boolean
  /** Brings a market's worst errors in step with its factors. */
  summarize(market: number): void
}

const UNKNOWN = { centre: Number.NaN, radius: Number.NaN, slack: Number.NaN }

/** Centre and radius that contain low and high, and the error of the sums that they are used in. */
const packed = (value: ScreenFactor | undefined): typeof UNKNOWN => {
  if (!value || !Number.isFinite(value.low) || !Number.isFinite(value.high)) return UNKNOWN
  const centre = value.low / 2 + value.high / 2
  const reach = Math.max(value.high - centre, centre - value.low, 0)
  return {
    centre,
    radius: (reach + Math.abs(centre) * SUM_ERROR) * (1 + 2 * SUM_ERROR),
    slack: value.slack * (1 + 2 * SUM_ERROR) + UNDERFLOW,
  }
}

/** The worst errors of known factors: as a share of the size of a term, infinite where it may be all of it, and once a term. */
const worstOf = (
  { centres, radii, slacks }: Factors,
  factors: Iterable<number>,
): { readonly share: number; readonly slack: number } => {
  let [share, slack] = [0, 0]
  for (const factor of factors) {
    const centre = Math.abs(centres[factor] as number)
    const radius = radii[factor] as number
    if (Number.isNaN(centre)) continue
    if (radius > 0) share = Math.max(share, radius / centre)
    slack = Math.max(slack, slacks[factor] as number)
  }
  return {
    share: share < SHARE_MAX ? share * (1 + SHARE_ERROR) : Number.POSITIVE_INFINITY,
    slack: slack * (1 + SHARE_ERROR),
  }
}

const growTo = (all: Factors, count: number): void => {
  all.centres = grown(all.centres, count, Number.NaN)
  all.radii = grown(all.radii, count, Number.NaN)
  all.slacks = grown(all.slacks, count, Number.NaN)
  all.feeds = grown(all.feeds, count, NO_FEED)
  all.wholes = grown(all.wholes, count)
  all.sides = grown(all.sides, count)
}

/** What holds the values of factors and markets, without any yet. */
const emptyArrays = () => ({
  centres: new Float64Array(0),
  radii: new Float64Array(0),
  slacks: new Float64Array(0),
  feeds: new Int32Array(0),
  terms: [],
  wholes: new Uint8Array(0),
  sides: new Uint8Array(0),
  errorShares: new Float64Array(0),
  errorSlacks: new Float64Array(0),
})

export const createFactors = (): Factors => {
  const numbers: Map<string, number>[] = []
  const markets: string[] = []
  const marketNumbers = new Map<string, number>()
  const feedKeys: PriceKey[] = []
  const feedNumbers = new Map<PriceKey, number>()
  let count = 0

  const feedNumber = (key: PriceKey): number => {
    const known = feedNumbers.get(key)
    if (known !== undefined) return known
    feedNumbers.set(key, feedKeys.length)
    return feedKeys.push(key) - 1
  }

  const newFactor = (market: number, name: string): number => {
    const number = count++
    numbers[market]?.set(name, number)
    growTo(all, count)
    return number
  }

  const all: Factors = {
    ...emptyArrays(),
    markets,
    feedKeys,
    marketOf: (name) => {
      const known = marketNumbers.get(name)
      if (known !== undefined) return known
      marketNumbers.set(name, markets.length)
      numbers.push(new Map())
      all.errorShares = grown(all.errorShares, numbers.length, Number.NaN)
      all.errorSlacks = grown(all.errorSlacks, numbers.length, Number.NaN)
      return markets.push(name) - 1
    },
    feedOf: (key) => feedNumbers.get(key),
    named: (market) => numbers[market] ?? new Map(),
    factorOf: (market, name, side) => {
      const number = numbers[market]?.get(name) ?? newFactor(market, name)
      all.sides[number] = (all.sides[number] as number) | side
      return number
    },
    set: (factor, value) => {
      const { centre, radius, slack } = packed(value)
      const feed = value && value.priceKey !== null ? feedNumber(value.priceKey) : NO_FEED
      const isSame =
        Object.is(all.centres[factor], centre) &&
        Object.is(all.radii[factor], radius) &&
        Object.is(all.slacks[factor], slack) &&
        all.feeds[factor] === feed
      all.centres[factor] = centre
      all.radii[factor] = radius
      all.slacks[factor] = slack
      all.feeds[factor] = feed
      all.terms[factor] = value?.termOf
      all.wholes[factor] = value?.termOf && value.isWhole ? 1 : 0
      return !isSame
    },
    summarize: (market) => {
      const { share, slack } = worstOf(all, numbers[market]?.values() ?? [])
      all.errorShares[market] = share
      all.errorSlacks[market] = slack
    },
  }
  return all
}
