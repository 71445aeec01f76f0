// How far all factors of a row may go together before a slot can leave its interval: most slots need no more than that to be told,
// and how far they have gone is worked out once for all rows of the same factors.
//
// Let a market's factors be referred to at one head: low = centre − radius > 0, high = centre + radius, and a slack. At another head
// let every low of the row's collateral be at least cl, every high at most ch times what it was, and dl, dh the same of debt; and let
// every slack be at most SLACK_SHARE times the least of these times what it was. Then, amounts being positive, collateral less its
// slacks is at least cl · (Σ amount · low − SLACK_SHARE · Σ slack), debt with its slacks at most dh · (Σ amount · high +
// SLACK_SHARE · Σ slack), and the other way round. So health stays above `floor` while cl ÷ dh is more than
//   falls = floor · (debt with slacks) ÷ (collateral less slacks),
// and below `ceil` while ch ÷ dl is less than rises = ceil · (debt less slacks) ÷ (collateral with slacks).
import { grown } from '../units/grown.ts'
import type { Factors } from './screen-factors.ts'
import type { Rows } from './screen-rows.ts'
import type { Shapes } from './screen-shapes.ts'

/** More than the roundings of the sums, products and quotients here, as a share: sums of 128 terms, none of them negative. */
export const ERROR = 2 ** -40

export const SLACK_SHARE = 2

/** Debt below this has no margins: what is nearly nothing may be nothing at another head. */
const DEBT_MIN = 2 ** -500

/** No margins: always to be summed up. */
const NEVER = Number.POSITIVE_INFINITY

/** Not worked out since the slot's row or interval, or what its market refers to, has changed. */
export const STALE = Number.NaN

/**
 * By slot: `falls` and `rises`, as above. By factor: what it was, and by how much it has gone since. By shape: the shares cl ÷ dh
 * (`leasts`) and ch ÷ dl (`mosts`), NaN where they tell nothing.
 */
export type Margins = {
  falls: Float64Array
  rises: Float64Array
  lows: Float64Array
  highs: Float64Array
  slacks: Float64Array
  /** Centres when they were last followed. */
  lasts: Float64Array
  lowShares: Float64Array
  highShares: Float64Array
  slackShares: Float64Array
  leasts: Float64Array
  mosts: Float64Array
  /** By market: factors that were known. */
  knownCounts: Int32Array
}

export const createMargins = (): Margins => ({
  falls: new Float64Array(0),
  rises: new Float64Array(0),
  lows: new Float64Array(0),
  highs: new Float64Array(0),
  slacks: new Float64Array(0),
  lasts: new Float64Array(0),
  lowShares: new Float64Array(0),
  highShares: new Float64Array(0),
  slackShares: new Float64Array(0),
  leasts: new Float64Array(0),
  mosts: new Float64Array(0),
  knownCounts: new Int32Array(0),
})

export const reserve = (margins: Margins, slots: number, shapes: number): void => {
  margins.falls = grown(margins.falls, slots, STALE)
  margins.rises = grown(margins.rises, slots, STALE)
  margins.leasts = grown(margins.leasts, shapes, Number.NaN)
  margins.mosts = grown(margins.mosts, shapes, Number.NaN)
}

export const knownCountOf = ({ centres }: Factors, numbers: Iterable<number>): number => {
  let count = 0
  for (const factor of numbers) if (!Number.isNaN(centres[factor])) count += 1
  return count
}

/** Refers to a market's factors as they stand; all margins of its slots are stale, and nothing is told by them until it is followed again. */
export const refer = (margins: Margins, factors: Factors, shapes: Shapes, market: number): void => {
  const { centres, radii } = factors
  for (const shape of shapes.ofMarket[market] ?? []) margins.leasts[shape] = Number.NaN
  margins.lows = grown(margins.lows, centres.length, Number.NaN)
  margins.highs = grown(margins.highs, centres.length, Number.NaN)
  margins.slacks = grown(margins.slacks, centres.length, Number.NaN)
  const numbers = [...factors.named(market).values()]
  for (const factor of numbers) {
    margins.lows[factor] = (centres[factor] as number) - (radii[factor] as number)
    margins.highs[factor] = (centres[factor] as number) + (radii[factor] as number)
    margins.slacks[factor] = factors.slacks[factor] as number
  }
  margins.knownCounts[market] = knownCountOf(factors, numbers)
}

type Sum = { low: number; high: number }

/** Sums of one side as its factors were referred to; infinite or NaN where a term tells nothing. Adds to `sum`. */
const addSide = (
  { lows, highs, slacks }: Margins,
  { amounts, factors }: Rows,
  from: number,
  to: number,
  sum: Sum,
): void => {
  let [low, high, slack] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const factor = factors[at] as number
    const amount = amounts[at] as number
    const lowBefore = lows[factor] as number
    const isTold = amount >= 0 && (lowBefore > 0 || (lowBefore === 0 && highs[factor] === 0))
    low += isTold ? amount * lowBefore : Number.NaN
    high += amount * (highs[factor] as number)
    slack += slacks[factor] as number
  }
  sum.low = low * (1 - ERROR) - slack * SLACK_SHARE * (1 + ERROR)
  sum.high = high * (1 + ERROR) + slack * SLACK_SHARE * (1 + ERROR)
}

const collateral: Sum = { low: 0, high: 0 }
const debt: Sum = { low: 0, high: 0 }

/** Works out the margins of a slot with a row, for its interval. */
export const setMargins = (margins: Margins, rows: Rows, slot: number, floor: number, ceil: number): void => {
  const start = rows.starts[slot] as number
  const middle = start + (rows.collateralCounts[slot] as number)
  const end = middle + (rows.debtCounts[slot] as number)
  addSide(margins, rows, start, middle, collateral)
  addSide(margins, rows, middle, end, debt)
  if (end === middle) {
    const isInside =
      ceil === Number.POSITIVE_INFINITY && floor < NEVER && collateral.high - collateral.low < NEVER
    margins.falls[slot] = isInside ? 0 : NEVER
    margins.rises[slot] = ceil
    return
  }
  const isTold =
    collateral.high < Number.POSITIVE_INFINITY && !Number.isNaN(collateral.low) && debt.low > DEBT_MIN
  const fall = floor < 0 ? 0 : collateral.low > 0 ? (floor * debt.high * (1 + ERROR)) / collateral.low : NEVER
  const rise = ceil === Number.POSITIVE_INFINITY ? ceil : (ceil * debt.low * (1 - ERROR)) / collateral.high
  margins.falls[slot] = isTold && fall < NEVER ? fall : NEVER
  margins.rises[slot] = isTold && rise > 0 ? rise : 0
}
