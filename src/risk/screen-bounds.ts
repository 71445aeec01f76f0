// Bounds of one slot's health from its row and the factors as they stand.
import type { Bounds } from './interval.ts'
import { type Factors, SUM_ERROR } from './screen-factors.ts'
import type { Rows } from './screen-rows.ts'

/** More than the roundings of an end of an interval, of its product with a side, and of a quotient of two sides. */
export const EDGE_ERROR = 2 ** -50

/** Two units of a wad: health factors are cut, or rounded, to wads. */
export const WAD_ERROR = 2e-18

/** A side this small may be nothing at all. */
export const NOTHING = 2 ** -900

/** Up to here a float64 is the integer that the row was made of. */
const INTEGER_MAX = Number.MAX_SAFE_INTEGER

/** The sum of some terms of a row as it stands, each by itself where `isNarrow` and its factor tells of single terms. */
const sumOf = (rows: Rows, factors: Factors, from: number, to: number, isNarrow: boolean): Bounds => {
  let [low, high, value, error] = [0, 0, 0, 0]
  let isWhole = isNarrow
  for (let at = from; at < to; at++) {
    const factor = rows.factors[at] as number
    const amount = rows.amounts[at] as number
    isWhole &&= factors.wholes[factor] === 1 && Math.abs(amount) <= INTEGER_MAX
    const termOf = isNarrow && Math.abs(amount) <= INTEGER_MAX ? factors.terms[factor] : undefined
    if (termOf) {
      const term = termOf(BigInt(amount))
      low += term.low
      high += term.high
      error += Math.max(Math.abs(term.low), Math.abs(term.high)) * SUM_ERROR
    } else {
      value += amount * (factors.centres[factor] as number)
      error += Math.abs(amount) * (factors.radii[factor] as number) + (factors.slacks[factor] as number)
    }
  }
  const sum = { low: value + low - error, high: value + high + error }
  return isWhole ? { low: Math.ceil(sum.low), high: Math.floor(sum.high) } : sum
}

/**
 * Bounds of the health of a slot that has a row; undefined where only an exact assessment tells. `isNarrow`: with every
 * rounding of a small amount carried out. Where all debt comes to nothing, there is none.
 */
export const healthBounds = (
  rows: Rows,
  factors: Factors,
  slot: number,
  isNarrow: boolean,
): Bounds | undefined => {
  const start = rows.starts[slot] as number
  const middle = start + (rows.collateralCounts[slot] as number)
  const end = middle + (rows.debtCounts[slot] as number)
  const collateral = sumOf(rows, factors, start, middle, isNarrow)
  const debt = sumOf(rows, factors, middle, end, isNarrow)
  if (!Number.isFinite(collateral.high - collateral.low) || !Number.isFinite(debt.high - debt.low))
    return undefined
  if (debt.low === 0 && debt.high === 0)
    return { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const low = debt.high > NOTHING ? Math.max(collateral.low, 0) / debt.high : 0
  const high = debt.low > 0 ? Math.max(collateral.high, 0) / debt.low : Number.POSITIVE_INFINITY
  return {
    low: Math.max(low * (1 - EDGE_ERROR) - WAD_ERROR, 0),
    high: high * (1 + EDGE_ERROR) + WAD_ERROR,
  }
}
