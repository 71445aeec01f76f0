// How far all factors of a market may go together before a slot can leave its interval: most slots need no more than that to be told.
//
// Let a market's factors be referred to at one head: low = centre − radius > 0, high = centre + radius, and a slack. At another head
// let every low of collateral be at least cl, every high at most ch times what it was, and dl, dh the same of debt; and let
// every slack be at most SLACK_SHARE times the least of these times what it was. Then, amounts being positive, collateral less its
// slacks is at least cl · (Σ amount · low − SLACK_SHARE · Σ slack), debt with its slacks at most dh · (Σ amount · high +
// SLACK_SHARE · Σ slack), and the other way round. So health stays above `floor` while cl ÷ dh is more than
//   falls = floor · (debt with slacks) ÷ (collateral less slacks),
// and below `ceil` while ch ÷ dl is less than rises = ceil · (debt less slacks) ÷ (collateral with slacks).
import { grown } from '../units/grown.ts'
import { type Factors, SIDE } from './screen-factors.ts'
import type { Rows } from './screen-rows.ts'

/** More than the roundings of the sums, products and quotients here, as a share: sums of 128 terms, none of them negative. */
const ERROR = 2 ** -40

const SLACK_SHARE = 2

/** Debt below this has no margins: what is nearly nothing may be nothing at another head. */
const DEBT_MIN = 2 ** -500

/** Factors that go further have no margins. */
const RATIO_MAX = 2 ** 100

/** Factors that moved by no more between two heads are calm: margins worked out from there are of use for a while. */
const CALM_SHARE = 2 ** -8

/** No margins: always to be summed up. */
const NEVER = Number.POSITIVE_INFINITY

/** Not worked out since the slot's row or interval, or what its market refers to, has changed. */
export const STALE = Number.NaN

/**
 * By slot: `falls` and `rises`, as above. By factor: what it was, and by market: the shares by which factors have gone since,
 * NaN where these tell nothing.
 */
export type Margins = {
  falls: Float64Array
  rises: Float64Array
  lows: Float64Array
  highs: Float64Array
  slacks: Float64Array
  /** Centres when they were last followed. */
  lasts: Float64Array
  leasts: Float64Array
  mosts: Float64Array
  /** Factors that were known. */
  knownCounts: Int32Array
}

export const createMargins = (): Margins => ({
  falls: new Float64Array(0),
  rises: new Float64Array(0),
  lows: new Float64Array(0),
  highs: new Float64Array(0),
  slacks: new Float64Array(0),
  lasts: new Float64Array(0),
  leasts: new Float64Array(0),
  mosts: new Float64Array(0),
  knownCounts: new Int32Array(0),
})

export const reserveSlots = (margins: Margins, slots: number): void => {
  margins.falls = grown(margins.falls, slots, STALE)
  margins.rises = grown(margins.rises, slots, STALE)
}

const knownCountOf = ({ centres }: Factors, numbers: Iterable<number>): number => {
  let count = 0
  for (const factor of numbers) if (!Number.isNaN(centres[factor])) count += 1
  return count
}

/** Refers to a market's factors as they stand; all margins of its slots are stale. */
export const refer = (margins: Margins, factors: Factors, market: number): void => {
  const { centres, radii } = factors
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

/** Shares by which the factors of one side have gone: of lows at least, of highs at most; NaN where they tell nothing. */
const sharesOf = (
  margins: Margins,
  factors: Factors,
  numbers: readonly number[],
  side: number,
): { readonly least: number; readonly most: number } => {
  const { centres, radii, slacks, sides } = factors
  let [least, most, slackShare] = [Number.POSITIVE_INFINITY, 0, 0]
  for (const factor of numbers) {
    const lowBefore = margins.lows[factor] as number
    const highBefore = margins.highs[factor] as number
    const isNothing = lowBefore === 0 && highBefore === 0
    if (((sides[factor] as number) & side) === 0 || !(lowBefore > 0 || isNothing)) continue
    const low = (centres[factor] as number) - (radii[factor] as number)
    const high = (centres[factor] as number) + (radii[factor] as number)
    slackShare = Math.max(slackShare, (slacks[factor] as number) / (margins.slacks[factor] as number))
    if (isNothing && low === 0 && high === 0) continue
    least = Math.min(least, low / lowBefore)
    most = Math.max(most, high / highBefore)
  }
  if (least === Number.POSITIVE_INFINITY && most === 0) [least, most] = [1, 1]
  const isTold =
    least > 1 / RATIO_MAX && most < RATIO_MAX && slackShare <= SLACK_SHARE * Math.min(least, 1) * (1 - ERROR)
  return isTold ? { least, most } : { least: Number.NaN, most: Number.NaN }
}

/** Whether the factors of a market are about what they were when they were last followed. */
const areCalm = (margins: Margins, { centres }: Factors, numbers: readonly number[]): boolean => {
  margins.lasts = grown(margins.lasts, centres.length, Number.NaN)
  let isCalm = true
  for (const factor of numbers) {
    const now = centres[factor] as number
    if (Math.abs(now - (margins.lasts[factor] as number)) > Math.abs(now) * CALM_SHARE) isCalm = false
    margins.lasts[factor] = now
  }
  return isCalm
}

/** Follows a market's factors to where they stand now: `isTold` where they tell anything, `isCalm` where they have hardly moved since the last time. */
export const follow = (
  margins: Margins,
  factors: Factors,
  market: number,
): { readonly isTold: boolean; readonly isCalm: boolean } => {
  margins.leasts = grown(margins.leasts, market + 1, Number.NaN)
  margins.mosts = grown(margins.mosts, market + 1, Number.NaN)
  margins.knownCounts = grown(margins.knownCounts, market + 1, -1)
  const numbers = [...factors.named(market).values()]
  const collateral = sharesOf(margins, factors, numbers, SIDE.collateral)
  const debt = sharesOf(margins, factors, numbers, SIDE.debt)
  margins.leasts[market] = (collateral.least / debt.most) * (1 - ERROR)
  margins.mosts[market] = (collateral.most / debt.least) * (1 + ERROR)
  const isKnown = margins.knownCounts[market] === knownCountOf(factors, numbers)
  return {
    isTold: isKnown && !Number.isNaN(collateral.least + debt.least),
    isCalm: areCalm(margins, factors, numbers),
  }
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
