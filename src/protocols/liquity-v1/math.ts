// LiquityMath, and SafeMath in its own words. Everything is a uint256; `/` cuts.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { requireThat } from '../refusing.ts'

const NICR_PRECISION = 10n ** 20n

/** decPow takes no more minutes: a thousand years. */
const MINUTES_MAX = 525_600_000n

/** SafeMath.add. */
export const add = (a: bigint, b: bigint): bigint => {
  requireThat(a + b <= UINT256_MAX, 'SafeMath: addition overflow')
  return a + b
}

/** SafeMath.sub. */
export const sub = (a: bigint, b: bigint): bigint => {
  requireThat(b <= a, 'SafeMath: subtraction overflow')
  return a - b
}

const mul = (a: bigint, b: bigint): bigint => {
  requireThat(a * b <= UINT256_MAX, 'SafeMath: multiplication overflow')
  return a * b
}

/** a.mul(b).div(denominator) of SafeMath, cut. */
export const mulDivDown = (a: bigint, b: bigint, denominator: bigint): bigint => {
  const product = mul(a, b)
  requireThat(denominator !== 0n, 'SafeMath: division by zero')
  return product / denominator
}

/** a.mul(1e18) of SafeMath: a wad of wads. */
export const toWad = (a: bigint): bigint => mul(a, WAD)

/** An assertion of Solidity 0.6, which reverts without a word. */
export const assertThat = (condition: boolean): void => requireThat(condition, '')

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** LiquityMath._computeCR: collateral × price / debt, a wad; 2^256 − 1 without debt. */
export const collateralRatioDown = (coll: bigint, debt: bigint, price: bigint): bigint =>
  debt > 0n ? mulDivDown(coll, price, debt) : UINT256_MAX

/** LiquityMath._computeNominalCR: collateral × 1e20 / debt, which needs no price; 2^256 − 1 without debt. */
export const nominalRatioDown = (coll: bigint, debt: bigint): bigint =>
  debt > 0n ? mulDivDown(coll, NICR_PRECISION, debt) : UINT256_MAX

/** LiquityMath.decMul: a × b / 1e18, halves rounded up. */
const decMulHalfUp = (a: bigint, b: bigint): bigint => add(mul(a, b), WAD / 2n) / WAD

/** LiquityMath._decPow: a wad to the power of whole minutes, by squaring, each step rounded. */
export const decPowHalfUp = (base: bigint, minutes: bigint): bigint => {
  if (minutes === 0n) return WAD
  let exponent = min(minutes, MINUTES_MAX)
  let [square, odd] = [base, WAD]
  while (exponent > 1n) {
    if (exponent % 2n === 1n) odd = decMulHalfUp(square, odd)
    square = decMulHalfUp(square, square)
    exponent /= 2n
  }
  return decMulHalfUp(square, odd)
}
