// Bounds of a health by an adapter's own row and factors, and what they promise of its assessment.
import { expect } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import type { ScreenFactor, ScreenRow, ScreenTerm } from '../../src/protocols/screening.ts'
import { UINT256_MAX, WAD } from '../../src/units/brands.ts'

/** Relative error that the float64 sums themselves may have. */
const SUM_ERROR = 2 ** -45

/** Contracts round health to a whole wad, which shows in the smallest. */
const HEALTH_ROUNDING = 1e-18

/** Least and most that a sum, or a health, may be. */
export type Bounds = { readonly low: number; readonly high: number }

type FactorOf = (name: string) => ScreenFactor | undefined

const sideOf = (terms: readonly ScreenTerm[], factorOf: FactorOf, isNarrow: boolean): Bounds | undefined => {
  let [low, high] = [0, 0]
  let isWhole = isNarrow
  for (const { factor, amount } of terms) {
    const known = factorOf(factor)
    if (!known) return undefined
    const single = isNarrow ? known.termOf?.(amount) : undefined
    isWhole &&= known.isWhole === true
    const ends = single
      ? [single.low, single.high]
      : [Number(amount) * known.low, Number(amount) * known.high]
    const size = single
      ? Math.max(...ends.map(Math.abs))
      : Math.abs(Number(amount)) * Math.max(Math.abs(known.low), Math.abs(known.high))
    const error = (single ? 0 : known.slack) + size * SUM_ERROR
    low += Math.min(...ends) - error
    high += Math.max(...ends) + error
  }
  return isWhole ? { low: Math.ceil(low), high: Math.floor(high) } : { low, high }
}

/**
 * Bounds of the health of a row, as a number; undefined where it is to be assessed exactly. `isNarrow`: by what factors tell
 * of single terms.
 */
export const boundsOfRow = (
  row: ScreenRow | 'always-exact',
  factorOf: FactorOf,
  isNarrow = false,
): Bounds | undefined => {
  if (row === 'always-exact') return undefined
  const collateral = sideOf(row.collateral, factorOf, isNarrow)
  const debt = sideOf(row.debt, factorOf, isNarrow)
  if (!collateral || !debt) return undefined
  if (debt.low === 0 && debt.high === 0)
    return { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return {
    low: debt.high > 0 ? Math.max(collateral.low, 0) / debt.high : 0,
    high: debt.low > 0 ? collateral.high / debt.low : Number.POSITIVE_INFINITY,
  }
}

const healthNumber = (healthFactor: bigint): number =>
  healthFactor === UINT256_MAX ? Number.POSITIVE_INFINITY : Number(healthFactor) / Number(WAD)

/** The assessment gives a health within the bounds, and outside of them 1 is where it becomes liquidatable. */
export const expectWithin = (bounds: Bounds, assessment: Assessment, name: string): void => {
  expect(assessment.kind, name).toBe('assessed')
  if (assessment.kind !== 'assessed') return
  const health = healthNumber(assessment.healthFactor)
  const isWithin =
    bounds.low * (1 - SUM_ERROR) - HEALTH_ROUNDING <= health &&
    health <= bounds.high * (1 + SUM_ERROR) + HEALTH_ROUNDING
  expect(isWithin, `${name}: ${health} in ${bounds.low} … ${bounds.high}`).toBe(true)
  if (bounds.low >= 1) expect(assessment.isLiquidatable, name).toBe(false)
  if (bounds.high < 1) expect(assessment.isLiquidatable, name).toBe(true)
}
