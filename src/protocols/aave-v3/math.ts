// Arithmetic that revisions of Aave v3 share. Rounding is part of every name.
import { BPS, RAY, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256, mulDivDown, mulDivHalfUp, mulDivUp } from '../../units/mul-div.ts'
import { powerOfTen } from '../../units/power-of-ten.ts'

export const SECONDS_PER_YEAR = 31_536_000n

const HALF_RAY = RAY / 2n

/** WadRayMath.rayMul, rayMulFloor, rayMulCeil. */
export const rayMulHalfUp = (a: bigint, b: bigint): bigint => checkedUint256(a * b + HALF_RAY) / RAY
export const rayMulDown = (a: bigint, b: bigint): bigint => mulDivDown(a, b, RAY)
export const rayMulUp = (a: bigint, b: bigint): bigint => mulDivUp(a, b, RAY)

/** WadRayMath.rayDiv, rayDivFloor, rayDivCeil. */
export const rayDivHalfUp = (a: bigint, b: bigint): bigint => mulDivHalfUp(a, RAY, b)
export const rayDivDown = (a: bigint, b: bigint): bigint => mulDivDown(a, RAY, b)
export const rayDivUp = (a: bigint, b: bigint): bigint => mulDivUp(a, RAY, b)

/** WadRayMath.wadDiv. */
export const wadDivHalfUp = (a: bigint, b: bigint): bigint => mulDivHalfUp(a, WAD, b)

/** PercentageMath.percentMul, percentMulFloor, percentMulCeil. */
export const percentMulHalfUp = (value: bigint, percentage: bigint): bigint =>
  mulDivHalfUp(value, percentage, BPS)
export const percentMulDown = (value: bigint, percentage: bigint): bigint =>
  mulDivDown(value, percentage, BPS)
export const percentMulUp = (value: bigint, percentage: bigint): bigint => mulDivUp(value, percentage, BPS)

/** PercentageMath.percentDiv, percentDivFloor, percentDivCeil. */
export const percentDivHalfUp = (value: bigint, percentage: bigint): bigint =>
  mulDivHalfUp(value, BPS, percentage)
export const percentDivDown = (value: bigint, percentage: bigint): bigint =>
  mulDivDown(value, BPS, percentage)
export const percentDivUp = (value: bigint, percentage: bigint): bigint => mulDivUp(value, BPS, percentage)

/** GenericLogic: the base-currency value of an amount, floored. */
export const valueDown = (amount: bigint, price: bigint, decimals: number): bigint =>
  mulDivDown(amount, price, powerOfTen(decimals))

/** GenericLogic since 3.5: the base-currency value of a debt, rounded up. */
export const valueUp = (amount: bigint, price: bigint, decimals: number): bigint =>
  mulDivUp(amount, price, powerOfTen(decimals))

/** Seconds from `since` to `until`; a contract's unsigned subtraction would revert below zero. */
export const secondsBetween = (since: number, until: number): bigint => {
  if (until < since) throw new ArithmeticError(`time runs backwards: ${until} is before ${since}`)
  return BigInt(until - since)
}

/** MathUtils.calculateLinearInterest: a ray factor. `rate` is a yearly ray. */
export const linearInterestDown = (rate: bigint, seconds: bigint): bigint =>
  RAY + checkedUint256(rate * seconds) / SECONDS_PER_YEAR
