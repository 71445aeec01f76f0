// What two states of a loan on one path of prices say of every state between them: what need not be asked of the contract's rules.
//
// On a path every price moves one way, so the value of every leg does too: each is a chain of products with positive factors,
// cut or rounded at every step, and none of that turns a larger price into a smaller value. Hence between two states
//   1. where no leg's value differs, nothing does;
//   2. both sides lie between their ends, and where the contract cuts the average threshold of all collateral to whole basis
//      points (Aave until 3.4), that average lies between the least and the most that leg values between the ends can make;
//   3. where all prices that move keep their proportions, health is (a + b·p) ÷ (c + d·p) but for roundings. Such a quotient has
//      no extremum, so between two states health is no lower than the lower and no higher than the higher, but for roundings:
//      a millionth (far more than cut prices and exchange rates lose while prices have seven digits), some units of a value,
//      and what a cut average takes.
// All three bound; none decides: what is not certain here is asked of the adapter's `assess`.
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
  if (!isOneWay(valuesDiffer(near.collateral, far.collateral))) return undefined
  if (near.averageThreshold === undefined) return rangeOf(near.liquidationValue, far.liquidationValue)
  const values = rangeOf(near.collateralValue, far.collateralValue)
  const averages = averagesBetween(near.collateral, far.collateral)
  return { low: (values.low * averages.low) / BPS, high: (values.high * averages.high) / BPS + 1n }
}

/** By how much a comparison of both sides may be off: cut sums, and health rounded to a wad. */
const marginOf = (debt: bigint): bigint => 2n + (2n * debt) / WAD

const bySides = (near: Health, far: Health): Certainty => {
  const weighed = weighedBetween(near, far)
  if (!weighed || !isOneWay(valuesDiffer(near.debt, far.debt))) return 'unknown'
  const debt = rangeOf(near.debtValue, far.debtValue)
  if (weighed.low >= debt.high + marginOf(debt.high)) return 'safe'
  return weighed.high + marginOf(debt.low) <= debt.low ? 'liquidatable' : 'unknown'
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

/**
 * What is certain of all states between two on a path. `coarsestPrice` is the smallest price that moves, at the end where it is
 * smaller; undefined where prices do not keep their proportions.
 */
export const certaintyBetween = (near: Health, far: Health, coarsestPrice: bigint | undefined): Certainty => {
  const differences = [...valuesDiffer(near.collateral, far.collateral), ...valuesDiffer(near.debt, far.debt)]
  if (differences.every((one) => one === 0n)) return 'same'
  const bySide = bySides(near, far)
  if (bySide !== 'unknown' || coarsestPrice === undefined) return bySide
  return byHealth(near, far, coarsestPrice)
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
