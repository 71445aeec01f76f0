// ExponentialNoError: fixed-point maths with 18 decimals ("mantissas"), every step cut, with the contract's own words where it reverts.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { requireThat } from '../refusing.ts'

/** add_, sub_, mul_ and div_ of plain integers. */
export const add = (a: bigint, b: bigint): bigint => {
  requireThat(a + b <= UINT256_MAX, 'addition overflow')
  return a + b
}

export const sub = (a: bigint, b: bigint): bigint => {
  requireThat(b <= a, 'subtraction underflow')
  return a - b
}

export const mul = (a: bigint, b: bigint): bigint => {
  requireThat(a * b <= UINT256_MAX, 'multiplication overflow')
  return a * b
}

export const divDown = (a: bigint, b: bigint): bigint => {
  requireThat(b > 0n, 'divide by zero')
  return a / b
}

/** mul_(Exp, Exp) and mul_ScalarTruncate: a · b / 1e18. */
export const expMulDown = (a: bigint, b: bigint): bigint => mul(a, b) / WAD

/** div_(Exp, Exp): a · 1e18 / b. */
export const expDivDown = (a: bigint, b: bigint): bigint => divDown(mul(a, WAD), b)
