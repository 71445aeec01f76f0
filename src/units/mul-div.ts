import { UINT256_MAX } from './brands.ts'
import { ArithmeticError } from './errors.ts'

/** Refuses what would revert in a contract: a negative number or more than 256 bits. */
export const checkedUint256 = (value: bigint): bigint => {
  if (value < 0n || value > UINT256_MAX) throw new ArithmeticError(`${value} does not fit into a uint256`)
  return value
}

const checkedDenominator = (denominator: bigint): bigint => {
  if (denominator === 0n) throw new ArithmeticError('division by zero', 0x12)
  return denominator
}

/** a − b as Solidity's checked subtraction: never below zero. */
export const checkedSub = (a: bigint, b: bigint): bigint => checkedUint256(a - b)

/** ceil(a · b / denominator), with the overflow of Solidity's checked `a * b`. */
export const mulDivUp = (a: bigint, b: bigint, denominator: bigint): bigint => {
  const product = checkedUint256(a * b)
  const quotient = product / checkedDenominator(denominator)
  return quotient * denominator === product ? quotient : quotient + 1n
}

/** floor(a · b / denominator), with the overflow of Solidity's checked `a * b`. */
export const mulDivDown = (a: bigint, b: bigint, denominator: bigint): bigint =>
  checkedUint256(a * b) / checkedDenominator(denominator)

/** (a · b + denominator / 2) / denominator, halves rounded up, with the overflow of Solidity's checked arithmetic. */
export const mulDivHalfUp = (a: bigint, b: bigint, denominator: bigint): bigint =>
  checkedUint256(a * b + checkedDenominator(denominator) / 2n) / denominator
