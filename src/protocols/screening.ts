// A float64 stand-in for health with bounds that hold. It decides what is looked at exactly, never what is true.
import type { PriceKey } from '../model/price.ts'

/** `amount` units of what `factor` values, as the position's own state has them; negative where they take away. */
export type ScreenTerm = { readonly factor: string; readonly amount: bigint }

/**
 * A position as two sums of terms. It rests on the position's own state and on the names of factors: whatever of a market
 * may change without the position being touched belongs into the factors.
 */
export type ScreenRow = { readonly collateral: readonly ScreenTerm[]; readonly debt: readonly ScreenTerm[] }

/** What a term of so many units adds to its side, at least and at most, all roundings included; 0 and 0 where that is exactly nothing. */
export type ScreenTermOf = (amount: bigint) => { readonly low: number; readonly high: number }

/**
 * What one unit of an amount adds to its side, at least and at most, in any unit that both sides share. `slack` is what the
 * contract's rounding steps may add or take besides, once a term. `priceKey` names the price that it is proportional to;
 * null where it is to none, or not to one alone. `termOf` is asked of small amounts, of which slack is a large part;
 * `isWhole` where the sum of a side of such terms is a whole number.
 */
export type ScreenFactor = {
  readonly low: number
  readonly high: number
  readonly slack: number
  readonly priceKey: PriceKey | null
  readonly termOf?: ScreenTermOf
  readonly isWhole?: true
}

/** Relative error of a quotient of two bigints that `quotient` gives: two roundings to float64 and one division. */
const QUOTIENT_ERROR = 2 ** -51

/** numerator ÷ denominator as a float64, for magnitudes of up to 2^1023. */
const quotient = (numerator: bigint, denominator: bigint): number => Number(numerator) / Number(denominator)

/**
 * A factor of numerator ÷ denominator. `lowNumerator` is the least that the contract may make of it; left out, the same.
 * `slack` is given as a quotient too, rounded up.
 */
export const screenFactor = (options: {
  readonly numerator: bigint
  readonly lowNumerator?: bigint
  readonly denominator: bigint
  readonly slack: number
  readonly priceKey: PriceKey | null
  readonly termOf?: ScreenTermOf
}): ScreenFactor => {
  const { numerator, lowNumerator = numerator, denominator, slack, priceKey, termOf } = options
  return {
    low: quotient(lowNumerator, denominator) * (1 - QUOTIENT_ERROR),
    high: quotient(numerator, denominator) * (1 + QUOTIENT_ERROR),
    slack: slack * (1 + QUOTIENT_ERROR),
    priceKey,
    ...(termOf ? { termOf } : {}),
  }
}
