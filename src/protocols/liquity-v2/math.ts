// LiquityMath and LiquityBase of liquity/bold.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { checkedUint256, mulDivDown, mulDivHalfUp } from '../../units/mul-div.ts'
import { ONE_YEAR } from './constants.ts'

/** A thousand years. */
const EXPONENT_MAX = 525_600_000n

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** LiquityMath._computeCR: collateral at `price` per debt, a wad, cut; 2^256 − 1 without debt. */
export const collateralRatioDown = (coll: bigint, debt: bigint, price: bigint): bigint =>
  debt === 0n ? UINT256_MAX : mulDivDown(coll, price, debt)

/** LiquityBase._calcInterest: of debt × rate over `period` seconds, cut to BOLD × rate and again to BOLD. */
export const interestDown = (weightedDebt: bigint, period: bigint): bigint =>
  mulDivDown(weightedDebt, period, ONE_YEAR) / WAD

/** LiquityMath._decPow: a wad to the power of minutes, by squaring; every product is rounded half up. */
export const decPowHalfUp = (base: bigint, minutes: bigint): bigint => {
  let n = min(minutes, EXPONENT_MAX)
  if (n === 0n) return WAD
  let [x, y] = [base, WAD]
  for (; n > 1n; n /= 2n) {
    if (n % 2n === 1n) y = mulDivHalfUp(x, y, WAD)
    x = mulDivHalfUp(x, x, WAD)
  }
  return mulDivHalfUp(x, y, WAD)
}

/** a × b as Solidity's checked product. */
export const checkedMul = (a: bigint, b: bigint): bigint => checkedUint256(a * b)
