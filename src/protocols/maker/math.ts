// Fixed-point arithmetic of dss: wad 1e18, ray 1e27, rad 1e45. Overflow reverts without a reason, as in the contracts.
import { RAY, UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import { rayPowHalfUp } from '../../units/ray-pow.ts'
import { RefusedError } from '../refusing.ts'

/** Prices of the Vat: spot (ray) times mat (ray). */
export const SPOT_SCALE = RAY * RAY

const INT256_MAX = 2n ** 255n - 1n

export const rmulDown = (x: bigint, y: bigint): bigint => mulDivDown(x, y, RAY)

export const rdivDown = (x: bigint, y: bigint): bigint => mulDivDown(x, RAY, y)

export const wmulDown = (x: bigint, y: bigint): bigint => mulDivDown(x, y, WAD)

/** A rad in wads of DAI, rounded up: what has to be paid to cover it. */
export const radToWadUp = (rad: bigint): bigint => (rad + RAY - 1n) / RAY

/** A factor that the contracts take as an int256. */
export const checkedInt256 = (value: bigint): bigint => {
  if (value > INT256_MAX || value < -INT256_MAX - 1n)
    throw new ArithmeticError(`${value} does not fit into an int256`)
  return value
}

/** Jug.rpow and that of the Abacus curves: x^n for rays, each product rounded half up; overflow reverts. */
export const rpowHalfUp = (x: bigint, n: bigint): bigint => {
  const power = rayPowHalfUp(x, n)
  if (power === undefined) throw new ArithmeticError(`${x}^${n} does not fit into a uint256`)
  return power
}

/** Arithmetic of contracts before Solidity 0.8, whose guards give no reason; also division by zero. */
export const withoutReason = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    throw error instanceof ArithmeticError ? new RefusedError('') : error
  }
}

/** floor(value · 1e18 / debt), a wad; 2^256 − 1 where nothing is owed. */
export const healthFactorDown = (value: bigint, debt: bigint): bigint =>
  debt === 0n ? UINT256_MAX : (value * WAD) / debt
