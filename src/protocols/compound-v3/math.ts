// CometMath and CometCore on the contract's own integers. Rounding is part of every name.
import { WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'

/** Indices are scaled by this: an index of 1e15 is one. */
export const BASE_INDEX_SCALE = 10n ** 15n
/** Prices are scaled by this. */
export const PRICE_SCALE = 10n ** 8n
/** Rewards are counted in millionths of a base token. */
export const BASE_ACCRUAL_SCALE = 10n ** 6n

const maxOf = (bits: bigint): bigint => 2n ** bits - 1n

/** CometMath.safe64, safe104, safe128: refuse what does not fit. */
export const safe64 = (n: bigint): bigint => {
  requireThat(n <= maxOf(64n), 'InvalidUInt64')
  return n
}
export const safe104 = (n: bigint): bigint => {
  requireThat(n <= maxOf(104n), 'InvalidUInt104')
  return n
}
export const safe128 = (n: bigint): bigint => {
  requireThat(n <= maxOf(128n), 'InvalidUInt128')
  return n
}

/** CometMath.signed104, signed256. */
export const signed104 = (n: bigint): bigint => {
  requireThat(n <= maxOf(103n), 'InvalidInt104')
  return n
}
export const signed256 = (n: bigint): bigint => {
  requireThat(n <= maxOf(255n), 'InvalidInt256')
  return n
}

/** A sum or difference in an unsigned type of so many bits, as Solidity checks it. */
export const checkedUint = (value: bigint, bits: 64n | 104n | 128n): bigint => {
  if (value < 0n || value > maxOf(bits)) throw new ArithmeticError(`${value} does not fit into a uint${bits}`)
  return value
}

/** A sum or product in an int256, as Solidity checks it. */
export const checkedInt256 = (value: bigint): bigint => {
  if (value < -(2n ** 255n) || value > maxOf(255n))
    throw new ArithmeticError(`${value} does not fit into an int256`)
  return value
}

/** Comet.mulFactor: n · factor, the factor a wad. */
export const mulFactorDown = (n: bigint, factor: bigint): bigint => mulDivDown(n, factor, WAD)

/** Comet.mulPrice: what `amount` of a token of scale `scale` is worth at `price`; values are scaled like prices. */
export const mulPriceDown = (amount: bigint, price: bigint, scale: bigint): bigint =>
  mulDivDown(amount, price, scale)

/** Comet.signedMulPrice: the same of a signed amount, cut toward zero. */
export const signedMulPriceTowardZero = (amount: bigint, price: bigint, scale: bigint): bigint =>
  checkedInt256(amount * signed256(price)) / scale

/** Comet.divPrice: how much of a token a value buys. */
export const divPriceDown = (value: bigint, price: bigint, scale: bigint): bigint =>
  mulDivDown(value, scale, price)

/** CometCore.presentValueSupply, presentValueBorrow: a principal (no sign) in units of the base token. */
export const presentValueDown = (principal: bigint, index: bigint): bigint =>
  checkedUint256(principal * index) / BASE_INDEX_SCALE

/** CometCore.principalValueSupply. */
export const supplyPrincipalDown = (value: bigint, supplyIndex: bigint): bigint =>
  safe104(mulDivDown(value, BASE_INDEX_SCALE, supplyIndex))

/** CometCore.principalValueBorrow. */
export const borrowPrincipalUp = (value: bigint, borrowIndex: bigint): bigint =>
  safe104(checkedUint256(checkedUint256(value * BASE_INDEX_SCALE) + borrowIndex - 1n) / borrowIndex)

type Indices = { readonly baseSupplyIndex: bigint; readonly baseBorrowIndex: bigint }

/** CometCore.presentValue: a signed balance in units of the base token, its magnitude cut. */
export const balanceTowardZero = (principal: bigint, indices: Indices): bigint =>
  principal >= 0n
    ? presentValueDown(principal, indices.baseSupplyIndex)
    : -presentValueDown(-principal, indices.baseBorrowIndex)

/** CometCore.principalValue: supply is cut, debt rounded up in magnitude. */
export const principalDown = (balance: bigint, indices: Indices): bigint =>
  balance >= 0n
    ? signed104(supplyPrincipalDown(balance, indices.baseSupplyIndex))
    : -signed104(borrowPrincipalUp(-balance, indices.baseBorrowIndex))
