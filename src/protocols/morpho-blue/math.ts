// MathLib and SharesMathLib of morpho-blue, on the contract's own integers. Rounding is part of every name.
import { WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'

/** An oracle answers loan units per unit of collateral, times this. */
export const ORACLE_PRICE_SCALE = 10n ** 36n

/** SharesMathLib: what a market without any debt counts besides. */
export const VIRTUAL_SHARES = 10n ** 6n
export const VIRTUAL_ASSETS = 1n

/** MathLib.mulDivUp: (x · y + (d − 1)) / d, each step checked, so a numerator just below 2^256 overflows. */
export const mulDivUp = (x: bigint, y: bigint, d: bigint): bigint =>
  checkedUint256(checkedUint256(x * y) + checkedSub(d, 1n)) / d

/** MathLib.wMulDown, wDivDown, wDivUp. */
export const wMulDown = (x: bigint, y: bigint): bigint => mulDivDown(x, y, WAD)
export const wDivDown = (x: bigint, y: bigint): bigint => mulDivDown(x, WAD, y)
export const wDivUp = (x: bigint, y: bigint): bigint => mulDivUp(x, WAD, y)

/** MathLib.wTaylorCompounded: e^(x·n) − 1 to its third term, each term cut. `x` a wad per second, `n` seconds. */
export const taylorCompoundedDown = (x: bigint, n: bigint): bigint => {
  const first = checkedUint256(x * n)
  const second = mulDivDown(first, first, 2n * WAD)
  const third = mulDivDown(second, first, 3n * WAD)
  return checkedUint256(first + second + third)
}

/** SharesMathLib.toSharesDown, toSharesUp: what assets are worth in shares of a total, one virtual asset and a million virtual shares included. */
export const toSharesDown = (assets: bigint, totalAssets: bigint, totalShares: bigint): bigint =>
  mulDivDown(assets, totalShares + VIRTUAL_SHARES, totalAssets + VIRTUAL_ASSETS)
export const toSharesUp = (assets: bigint, totalAssets: bigint, totalShares: bigint): bigint =>
  mulDivUp(assets, totalShares + VIRTUAL_SHARES, totalAssets + VIRTUAL_ASSETS)

/** SharesMathLib.toAssetsDown, toAssetsUp. */
export const toAssetsDown = (shares: bigint, totalAssets: bigint, totalShares: bigint): bigint =>
  mulDivDown(shares, totalAssets + VIRTUAL_ASSETS, totalShares + VIRTUAL_SHARES)
export const toAssetsUp = (shares: bigint, totalAssets: bigint, totalShares: bigint): bigint =>
  mulDivUp(shares, totalAssets + VIRTUAL_ASSETS, totalShares + VIRTUAL_SHARES)

const UINT128_MAX = 2n ** 128n - 1n

/** UtilsLib.toUint128. */
export const toUint128 = (value: bigint): bigint => {
  requireThat(value <= UINT128_MAX, 'max uint128 exceeded')
  return value
}

/** a + b in a uint128, b cast by UtilsLib.toUint128; the sum is checked by the compiler. */
export const addUint128 = (a: bigint, b: bigint): bigint => {
  const sum = a + toUint128(b)
  if (sum > UINT128_MAX) throw new ArithmeticError(`${sum} does not fit into a uint128`)
  return sum
}

/** a − b in a uint128, b cast by UtilsLib.toUint128. */
export const subUint128 = (a: bigint, b: bigint): bigint => checkedSub(a, toUint128(b))

/** UtilsLib.zeroFloorSub. */
export const zeroFloorSub = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
