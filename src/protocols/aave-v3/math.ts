// Arithmetic that all revisions of Aave v3 share. Rounding is part of every name.
import { BPS, RAY, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256, mulDivHalfUp } from '../../units/mul-div.ts'

export const SECONDS_PER_YEAR = 31_536_000n

/** WadRayMath.rayMul. */
export const rayMulHalfUp = (a: bigint, b: bigint): bigint => mulDivHalfUp(a, b, RAY)
/** WadRayMath.wadDiv. */
export const wadDivHalfUp = (a: bigint, b: bigint): bigint => mulDivHalfUp(a, WAD, b)
/** PercentageMath.percentMul. */
export const percentMulHalfUp = (value: bigint, percentage: bigint): bigint =>
  mulDivHalfUp(value, percentage, BPS)

/** Seconds from `since` to `until`; a contract's unsigned subtraction would revert below zero. */
export const secondsBetween = (since: number, until: number): bigint => {
  if (until < since) throw new ArithmeticError(`time runs backwards: ${until} is before ${since}`)
  return BigInt(until - since)
}

/** MathUtils.calculateLinearInterest: a ray factor. `rate` is a yearly ray. */
export const linearInterestDown = (rate: bigint, seconds: bigint): bigint =>
  RAY + checkedUint256(rate * seconds) / SECONDS_PER_YEAR
