import type { Bps } from '../../../units/brands.ts'
import type { Reserve, StableDebt } from '../state.ts'

/** One reserve's part of an account, in the base currency; a leg that is not collateral has collateral value 0. */
export type ValuedLeg = {
  readonly collateralValue: bigint
  readonly liquidationThreshold: Bps
  readonly debtValue: bigint
}

/** Sums in the base currency; `healthFactor` is a wad, 2^256 − 1 without debt value. */
export type AccountTotals = {
  readonly collateralValue: bigint
  readonly debtValue: bigint
  readonly liquidationValue: bigint
  readonly healthFactor: bigint
}

/** What differs between revisions of the pool when an account is valued. All results are the contract's integers. */
export type AccountMath = {
  normalizedIncome(reserve: Reserve, timestamp: number): bigint
  normalizedDebt(reserve: Reserve, timestamp: number): bigint
  stableBalance(debt: StableDebt, timestamp: number): bigint
  collateralBalance(scaled: bigint, normalizedIncome: bigint): bigint
  variableDebtBalance(scaled: bigint, normalizedDebt: bigint): bigint
  collateralValue(amount: bigint, price: bigint, decimals: number): bigint
  debtValue(amount: bigint, price: bigint, decimals: number): bigint
  totals(legs: readonly ValuedLeg[]): AccountTotals
}
