// What two states of a loan on one path of prices say of every state between them: what need not be asked of the contract's rules.
//
// On a path every price moves one way, so the value of every leg does too: each is a chain of products with positive factors,
// cut or rounded at every step, and none of that turns a larger price into a smaller value. Hence between two states
//   1. where neither a leg's value nor a side's sum differs, nothing does;
//   2. both sides lie between what the lesser and what the greater values of their legs sum up to, which are their ends where all
//      legs go one way; and where the contract cuts the average threshold of all collateral to whole basis points (Aave until
//      3.4), that average lies between the least and the most that leg values between the ends can make;
//   3. where all prices that move keep their proportions, health is (a + b·p) ÷ (c + d·p) but for roundings. Such a quotient has
//      no extremum, so between two states health is no lower than the lower and no higher than the higher, but for roundings:
//      a millionth (far more than cut prices and exchange rates lose while prices have seven digits), some units of a value,
//      and what a cut average takes;
//   4. where besides every leg is priced by one price alone, and the cut average is the same, the difference of both sides is a
//      straight line but for roundings, which are counted leg by leg: so between two states it is on the side where both are.
// All of them bound; none decides: what is not certain here is asked of the adapter's `assess`.
import type { CollateralLeg, DebtLeg, Health } from '../model/assessment.ts'
import { BPS, PPM, UINT256_MAX, WAD } from '../units/brands.ts'

/** 1 basis point as the wad that legs have their thresholds in. */
const BPS_WAD = WAD / BPS

/** Steps of rounding that a side may differ by from what its legs sum up to, in units of its value. */
const ROUNDINGS = 64n

/** Parts of a billion: what health may be off by besides, relatively. */
const PPB = 1_000n * PPM
const RELATIVE_PPB = 1_000n

/** What can be said of all states between two: `same` as both. */
export type Certainty = 'safe' | 'liquidatable' | 'same' | 'unknown'

type Range = { readonly low: bigint; readonly high: bigint }

const rangeOf = (one: bigint, other: bigint): Range =>
  one < other ? { low: one, high: other } : { low: other, high: one }

const valuesDiffer = (near: readonly DebtLeg[], far: readonly DebtLeg[]): readonly bigint[] =>
  near.map(({ value }, index) => (far[index]?.value ?? 0n) - value)

const isOneWay = (differences: readonly bigint[]): boolean =>
  differences.every((one) => one <= 0n) || differences.every((one) => one >= 0n)

/** Units that the value of a leg, as it is told, may be off by at either end. */
const LEG_UNITS = 2n

/** What a side is between two states: its sums there, and where its legs go both ways what these may add or take on the way. */
const sideBetween = (near: bigint, far: bigint, differences: readonly bigint[]): Range => {
  if (isOneWay(differences)) return rangeOf(near, far)
  const units = LEG_UNITS * BigInt(differences.length)
  const [gained, lost] = [1n, -1n].map((sign) =>
    differences.reduce((sum, one) => (one * sign > 0n ? sum + one * sign : sum), units),
  ) as [bigint, bigint]
  return { low: near - lost, high: near + gained }
}

/** The average threshold (bps, cut) of legs by a choice of their values. */
const averageOf = (legs: readonly { readonly value: bigint; readonly threshold: bigint }[]): bigint => {
  const total = legs.reduce((sum, { value }) => sum + value, 0n)
  const weighed = legs.reduce((sum, { value, threshold }) => sum + value * threshold, 0n)
  return total === 0n ? 0n : weighed / total
}

/**
 * The averages (bps) that leg values between two states can make. A quotient of two linear sums has its extremes at corners,
 * and at those where the legs of the lowest thresholds are worth the most, or the least.
 */
const averagesBetween = (near: readonly CollateralLeg[], far: readonly CollateralLeg[]): Range => {
  const legs = near
    .map(({ value, liquidationThreshold }, index) => ({
      ...rangeOf(value, far[index]?.value ?? value),
      threshold: liquidationThreshold / BPS_WAD,
    }))
    .sort((a, b) => Number(a.threshold - b.threshold))
  const corners = (isLowFirst: boolean): readonly bigint[] =>
    [...legs, undefined].map((_, count) =>
      averageOf(
        legs.map(({ low, high, threshold }, index) => ({
          value: index < count === isLowFirst ? low : high,
          threshold,
        })),
      ),
    )
  const least = corners(false).reduce((a, b) => (a < b ? a : b))
  const most = corners(true).reduce((a, b) => (a > b ? a : b))
  return { low: least, high: most }
}

/** What collateral counts for between two states; undefined where that is not bounded by its ends. */
const weighedBetween = (near: Health, far: Health): Range | undefined => {
  if (near.liquidationValue === null || far.liquidationValue === null) return undefined
  const differences = valuesDiffer(near.collateral, far.collateral)
  if (near.averageThreshold === undefined)
    return sideBetween(near.liquidationValue, far.liquidationValue, differences)
  if (!isOneWay(differences)) return undefined
  const values = rangeOf(near.collateralValue, far.collateralValue)
  const averages = averagesBetween(near.collateral, far.collateral)
  return { low: (values.low * averages.low) / BPS, high: (values.high * averages.high) / BPS + 1n }
}

/**
 * By how much a comparison of both sides may be off where a predicate does not compare the very sums: health that is rounded half-up
 * to a wad first (Aave; since 3.5 to a wad and four digits), and what a side is told in whole units only: one unit, or two.
 */
const marginOf = ({ debtValue, averageThreshold }: Health): bigint =>
  debtValue / (averageThreshold === undefined ? WAD * BPS : WAD)
const SAFE_UNITS = 1n
const LIQUIDATABLE_UNITS = 2n

const bySides = (near: Health, far: Health, comparesSums: boolean): Certainty => {
  const weighed = weighedBetween(near, far)
  if (!weighed) return 'unknown'
  const debt = sideBetween(near.debtValue, far.debtValue, valuesDiffer(near.debt, far.debt))
  if (comparesSums && weighed.low >= debt.high) return 'safe'
  if (comparesSums && weighed.high < debt.low) return 'liquidatable'
  const [one, other] = [marginOf(near), marginOf(far)]
  const margin = one > other ? one : other
  if (weighed.low >= debt.high + margin + SAFE_UNITS) return 'safe'
  return weighed.high + margin + LIQUIDATABLE_UNITS <= debt.low ? 'liquidatable' : 'unknown'
}

/** How much health may differ from the quotient without roundings, in parts of a billion; undefined where that may be a lot. */
const slackPpb = (near: Health, far: Health, coarsestPrice: bigint): bigint | undefined => {
  const ends = [near, far].map(({ liquidationValue, debtValue }) =>
    liquidationValue !== null && liquidationValue < debtValue ? liquidationValue : debtValue,
  )
  const least = ends.reduce((a, b) => (a < b ? a : b))
  if (least === 0n || coarsestPrice === 0n || near.liquidationValue === null) return undefined
  const averages = [near, far].flatMap(({ averageThreshold }) => averageThreshold ?? [])
  if (averages.includes(0n)) return undefined
  const cut = averages.reduce((most, one) => (PPB / one > most ? PPB / one : most), 0n)
  const slack = RELATIVE_PPB + (ROUNDINGS * PPB) / least + (4n * PPB) / coarsestPrice + 2n * cut
  return slack < PPB / 2n ? slack : undefined
}

const byHealth = (near: Health, far: Health, coarsestPrice: bigint): Certainty => {
  const slack = slackPpb(near, far, coarsestPrice)
  if (slack === undefined || near.healthFactor === UINT256_MAX || far.healthFactor === UINT256_MAX)
    return 'unknown'
  const { low, high } = rangeOf(near.healthFactor, far.healthFactor)
  if (low * (PPB - slack) > WAD * PPB) return 'safe'
  return high * (PPB + slack) < WAD * PPB ? 'liquidatable' : 'unknown'
}

/** Relative error of what a leg is worth, by products cut to eleven digits and more: parts of 1e11. */
const LINE_ERROR = 10n ** 11n

/** What roundings may add to a leg's value, or take: some units of its amount, of its price and of its value, and the digits that products keep. */
const roundingOf = ({ amount, price, value }: DebtLeg): bigint =>
  4n +
  value / LINE_ERROR +
  (amount > 0n ? (4n * value) / amount : 0n) +
  (price > 0n ? (4n * value) / price : 0n)

const byLine = (near: Health, far: Health): Certainty => {
  const { low, high } = averagesBetween(near.collateral, far.collateral)
  if (near.averageThreshold !== undefined && low !== high) return 'unknown'
  const ends = [near, far].map((health) => {
    const { collateral, debt, liquidationValue, debtValue } = health
    const rounding = [...collateral, ...debt].reduce((sum, leg) => sum + roundingOf(leg), marginOf(health))
    return { over: (liquidationValue ?? 0n) - debtValue, rounding }
  })
  const rounding = ends.reduce((most, end) => (end.rounding > most ? end.rounding : most), 0n)
  if (near.liquidationValue === null || far.liquidationValue === null) return 'unknown'
  if (ends.every(({ over }) => over > rounding)) return 'safe'
  return ends.every(({ over }) => over < -rounding) ? 'liquidatable' : 'unknown'
}

/**
 * How prices move on a path: `coarsest` is the smallest that does, where it is smaller; undefined where they do not keep their
 * proportions. `isDirect`: every leg that moves is priced by one price alone. `comparesSums` as of the adapter.
 */
export type Motion = {
  readonly coarsest: bigint | undefined
  readonly isDirect: boolean
  readonly comparesSums: boolean
}

/** Sums may be cut finer, or coarser, than what legs are told to be worth: both have to be the same. */
const isSame = (near: Health, far: Health): boolean =>
  near.liquidationValue === far.liquidationValue &&
  near.debtValue === far.debtValue &&
  near.healthFactor === far.healthFactor &&
  [...valuesDiffer(near.collateral, far.collateral), ...valuesDiffer(near.debt, far.debt)].every(
    (one) => one === 0n,
  )

/** What is certain of all states between two on a path. */
export const certaintyBetween = (
  near: Health,
  far: Health,
  { coarsest, isDirect, comparesSums }: Motion,
): Certainty => {
  if (isSame(near, far)) return 'same'
  const bySide = bySides(near, far, comparesSums)
  if (bySide !== 'unknown' || coarsest === undefined) return bySide
  const byQuotient = byHealth(near, far, coarsest)
  return byQuotient === 'unknown' && isDirect ? byLine(near, far) : byQuotient
}

/** Whether an average that is cut to whole basis points can only fall, or stay, where some collateral loses value. */
const averageOnlyFalls = (
  { collateral, averageThreshold = 0n }: Health,
  moved: readonly CollateralLeg[],
): boolean => {
  const [first] = collateral
  if (collateral.every((leg) => leg.liquidationThreshold === first?.liquidationThreshold)) return true
  const [only] = moved
  return moved.length === 1 && only !== undefined && only.liquidationThreshold / BPS_WAD > averageThreshold
}

/**
 * Whether a loan that turns liquidatable on the way stays so, and by bisection alone is found where: only one side moves, all of it
 * one way, and no average rises in return. Values that are the same at both ends never moved.
 */
export const isMonotone = (near: Health, far: Health): boolean => {
  const collateral = valuesDiffer(near.collateral, far.collateral)
  const debt = valuesDiffer(near.debt, far.debt)
  const moved = near.collateral.filter((_, index) => collateral[index] !== 0n)
  if (moved.length > 0 && debt.some((one) => one !== 0n)) return false
  if (!isOneWay(collateral) || !isOneWay(debt)) return false
  return near.averageThreshold === undefined || moved.length === 0 || averageOnlyFalls(near, moved)
}
