// The contracts' integer arithmetic. Rounding is part of every name; what reverts here reverts there, in the same words.
import { BPS, RAY, UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'

/** Seconds of a year as rates mean it (MathUtils.SECONDS_PER_YEAR). */
const YEAR_SECONDS = 365n * 86_400n

/** The libraries' assembly reverts without a reason where a product overflows. */
const product = (a: bigint, b: bigint): bigint => {
  const result = a * b
  requireThat(result <= UINT256_MAX, '')
  return result
}

/** The quotient, rounded up, of numbers that fit. */
const quotientUp = (a: bigint, b: bigint): bigint => a / b + (a % b > 0n ? 1n : 0n)

/** MathUtils.divUp: ceil(a / b). */
export const divUp = (a: bigint, b: bigint): bigint => {
  requireThat(b !== 0n, '')
  return quotientUp(a, b)
}

/** WadRayMath.rayMulUp, rayDivDown, rayDivUp: ray × ray, ray ÷ ray. */
export const rayMulUp = (a: bigint, b: bigint): bigint => quotientUp(product(a, b), RAY)
export const rayDivDown = (a: bigint, b: bigint): bigint => {
  requireThat(b !== 0n, '')
  return product(a, RAY) / b
}
export const rayDivUp = (a: bigint, b: bigint): bigint => divUp(product(a, RAY), b)

/** WadRayMath.toRay, toWad, bpsToWad, bpsToRay: exact. */
export const toRay = (a: bigint): bigint => product(a, RAY)
export const toWad = (a: bigint): bigint => product(a, WAD)
export const bpsToWad = (a: bigint): bigint => product(a, WAD / BPS)
export const bpsToRay = (a: bigint): bigint => product(a, RAY / BPS)

/** WadRayMath.fromRayUp, roundRayUp: a ray as a whole number, and as a ray again. */
export const fromRayUp = (a: bigint): bigint => quotientUp(a, RAY)
export const roundRayUp = (a: bigint): bigint => product(fromRayUp(a), RAY)

/** PercentageMath.percentMulDown, percentMulUp: value × bps. */
export const percentMulDown = (value: bigint, percentage: bigint): bigint => product(value, percentage) / BPS
export const percentMulUp = (value: bigint, percentage: bigint): bigint =>
  quotientUp(product(value, percentage), BPS)

/** MathUtils.mulDivDown, mulDivUp: a · b / c, where a · b has to fit into 256 bits. */
export const shortMulDivDown = (a: bigint, b: bigint, c: bigint): bigint => {
  requireThat(c !== 0n, '')
  return product(a, b) / c
}
export const shortMulDivUp = (a: bigint, b: bigint, c: bigint): bigint => divUp(product(a, b), c)

const checkedDivisor = (c: bigint): bigint => {
  if (c === 0n) throw new ArithmeticError('division by zero', 0x12)
  return c
}

/** OpenZeppelin's Math.mulDiv: a · b / c, where only the result has to fit. */
export const fullMulDivDown = (a: bigint, b: bigint, c: bigint): bigint =>
  checkedUint256((a * b) / checkedDivisor(c))
export const fullMulDivUp = (a: bigint, b: bigint, c: bigint): bigint =>
  checkedUint256(quotientUp(a * b, checkedDivisor(c)))

/** A product, as Solidity checks it. */
export const checkedMul = (...factors: readonly bigint[]): bigint =>
  factors.reduce((result, factor) => checkedUint256(result * factor), 1n)

/** SafeCast.toUint120 and the like, of what fits into 256 bits. */
export const toUint = (value: bigint, bits: bigint): bigint => {
  requireThat(value < 2n ** bits, 'SafeCastOverflowedUintDowncast')
  return value
}

/** A sum or difference of a smaller unsigned type, as Solidity checks it. */
export const checkedUint = (value: bigint, bits: bigint): bigint => {
  if (value < 0n || value >= 2n ** bits) throw new ArithmeticError(`${value} does not fit into a uint${bits}`)
  return value
}

/** SafeCast.toInt256, toUint256 and toInt200. */
export const toInt256 = (value: bigint): bigint => {
  requireThat(value < 2n ** 255n, 'SafeCastOverflowedUintToInt')
  return value
}
export const toUint256 = (value: bigint): bigint => {
  requireThat(value >= 0n, 'SafeCastOverflowedIntToUint')
  return value
}
export const toInt200 = (value: bigint): bigint => {
  requireThat(value >= -(2n ** 199n) && value < 2n ** 199n, 'SafeCastOverflowedIntDowncast')
  return value
}

/** MathUtils.calculateLinearInterest: growth at a rate (ray per year of 365 days) over `elapsed` seconds, a ray, cut. */
export const linearInterestDown = (rate: bigint, elapsed: bigint): bigint => {
  requireThat(elapsed >= 0n, '')
  return (rate * elapsed) / YEAR_SECONDS + RAY
}

/** Premium.calculatePremiumRay: premium debt in units of the asset, a ray. */
export const premiumRay = (shares: bigint, offsetRay: bigint, drawnIndex: bigint): bigint =>
  toUint256(toInt256(checkedMul(shares, drawnIndex)) - offsetRay)

/** SpokeUtils.toValue: what an amount of an asset is worth, 1e26 a US dollar; of an amount as a ray, 1e53. */
export const toValue = (amount: bigint, decimals: number, price: bigint): bigint =>
  checkedMul(amount, price, 10n ** BigInt(18 - decimals))
