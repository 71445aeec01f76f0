// How far the factors of a market have gone since its margins refer to them, by each shape that its rows have.
import { grown } from '../units/grown.ts'
import { type Factors, SIDE } from './screen-factors.ts'
import { ERROR, knownCountOf, type Margins, SLACK_SHARE } from './screen-margins.ts'
import type { Shapes } from './screen-shapes.ts'

/** Factors that go further have no margins. */
const RATIO_MAX = 2 ** 100

/** Factors that moved by no more between two heads are calm: margins worked out from there are of use for a while. */
const CALM_SHARE = 2 ** -8

/** By how much each factor of a market has gone. One that tells nothing, or is nothing as it was, does not count. */
const measureShares = (margins: Margins, factors: Factors, numbers: Iterable<number>): void => {
  const { centres, radii, slacks } = factors
  margins.lowShares = grown(margins.lowShares, centres.length)
  margins.highShares = grown(margins.highShares, centres.length)
  margins.slackShares = grown(margins.slackShares, centres.length)
  for (const factor of numbers) {
    const lowBefore = margins.lows[factor] as number
    const highBefore = margins.highs[factor] as number
    const low = (centres[factor] as number) - (radii[factor] as number)
    const high = (centres[factor] as number) + (radii[factor] as number)
    const wasNothing = lowBefore === 0 && highBefore === 0
    const counts = lowBefore > 0 || wasNothing
    const moves = counts && !(wasNothing && low === 0 && high === 0)
    margins.lowShares[factor] = moves ? low / lowBefore : Number.POSITIVE_INFINITY
    margins.highShares[factor] = moves ? high / highBefore : 0
    margins.slackShares[factor] = counts ? (slacks[factor] as number) / (margins.slacks[factor] as number) : 0
  }
}

/** Shares by which the factors of one side have gone: of lows at least, of highs at most; NaN where they tell nothing. */
type Shares = { least: number; most: number }

const told = (shares: Shares, least: number, most: number, slackShare: number): void => {
  const isEmpty = least === Number.POSITIVE_INFINITY && most === 0
  const lower = isEmpty ? 1 : least
  const upper = isEmpty ? 1 : most
  const isTold =
    lower > 1 / RATIO_MAX && upper < RATIO_MAX && slackShare <= SLACK_SHARE * Math.min(lower, 1) * (1 - ERROR)
  shares.least = isTold ? lower : Number.NaN
  shares.most = isTold ? upper : Number.NaN
}

/** The shares of the factors that `members` has from one place up to another. Writes to `shares`. */
const setShares = (
  margins: Margins,
  members: Uint32Array,
  from: number,
  to: number,
  shares: Shares,
): void => {
  const { lowShares, highShares, slackShares } = margins
  let least = Number.POSITIVE_INFINITY
  let most = 0
  let slackShare = 0
  for (let at = from; at < to; at++) {
    const factor = members[at] as number
    least = Math.min(least, lowShares[factor] as number)
    most = Math.max(most, highShares[factor] as number)
    slackShare = Math.max(slackShare, slackShares[factor] as number)
  }
  told(shares, least, most, slackShare)
}

const ofCollateral: Shares = { least: 0, most: 0 }
const ofDebt: Shares = { least: 0, most: 0 }

/** Works out how far one shape has gone, by the shares of its two sides; answers whether that tells anything. */
const setShape = ({ leasts, mosts }: Margins, shape: number): boolean => {
  const least = (ofCollateral.least / ofDebt.most) * (1 - ERROR)
  leasts[shape] = least
  mosts[shape] = (ofCollateral.most / ofDebt.least) * (1 + ERROR)
  return !Number.isNaN(least)
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

/** All factors of a market that a side makes use of. */
const factorsOfSide = ({ sides }: Factors, numbers: readonly number[], side: number): Uint32Array =>
  Uint32Array.from(numbers.filter((factor) => ((sides[factor] as number) & side) !== 0))

/** Follows all shapes of a market; answers whether each tells anything. */
const followShapes = (
  margins: Margins,
  factors: Factors,
  shapes: Shapes,
  market: number,
  numbers: readonly number[],
): boolean => {
  const [whole = 0, ...others] = shapes.ofMarket[market] ?? []
  const collateral = factorsOfSide(factors, numbers, SIDE.collateral)
  const debt = factorsOfSide(factors, numbers, SIDE.debt)
  setShares(margins, collateral, 0, collateral.length, ofCollateral)
  setShares(margins, debt, 0, debt.length, ofDebt)
  let isTold = setShape(margins, whole)
  for (const shape of others) {
    const middle = shapes.middles[shape] as number
    setShares(margins, shapes.factors, shapes.starts[shape] as number, middle, ofCollateral)
    setShares(margins, shapes.factors, middle, shapes.ends[shape] as number, ofDebt)
    if (!setShape(margins, shape)) isTold = false
  }
  return isTold
}

/** Follows a market's factors to where they stand now: `isTold` where they tell of every shape, `isCalm` where they have hardly moved since the last time. */
export const follow = (
  margins: Margins,
  factors: Factors,
  shapes: Shapes,
  market: number,
): { readonly isTold: boolean; readonly isCalm: boolean } => {
  margins.knownCounts = grown(margins.knownCounts, market + 1, -1)
  const numbers = [...factors.named(market).values()]
  measureShares(margins, factors, numbers)
  const isKnown = margins.knownCounts[market] === knownCountOf(factors, numbers)
  const isTold = followShapes(margins, factors, shapes, market, numbers) && isKnown
  return { isTold, isCalm: areCalm(margins, factors, numbers) }
}
