// Interest and share price of a vault: shared/Cache.sol, shared/lib/ConversionHelpers.sol.

import { BPS, RAY, UINT256_MAX } from '../../units/brands.ts'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import { rayPowHalfUp } from '../../units/ray-pow.ts'
import {
  AMOUNT_MAX,
  checkedAmount,
  checkedOwed,
  DEBT_PRECISION_SHIFT,
  OWED_MAX,
  owedToAssetsUp,
} from './math.ts'
import type { ReadVault, VaultStatus } from './state.ts'

/** Assets and shares that nobody owns, in every conversion. */
const VIRTUAL_DEPOSIT = 1_000_000n

/** The accumulator after `elapsed` seconds, cut; as it was where a step overflows. */
const accumulatorAfter = ({ interestAccumulator, interestRate }: VaultStatus, elapsed: bigint): bigint => {
  const multiplier = rayPowHalfUp(interestRate + RAY, elapsed)
  if (multiplier === undefined) return interestAccumulator
  const product = interestAccumulator * multiplier
  return product > UINT256_MAX ? interestAccumulator : product / RAY
}

const borrowsAt = ({ totalBorrows, interestAccumulator }: VaultStatus, accumulator: bigint): bigint => {
  const product = totalBorrows * accumulator
  return product > UINT256_MAX ? totalBorrows : product / interestAccumulator
}

/** Shares that exist once the fee on new interest is minted, cut; the fee counts as already part of the assets. */
const sharesWithFee = (status: VaultStatus, borrows: bigint, interestFee: bigint): bigint => {
  const { cash, totalBorrows, totalShares } = status
  const feeAssets = (checkedSub(borrows, totalBorrows) * interestFee) / (BPS << DEBT_PRECISION_SHIFT)
  if (feeAssets === 0n) return totalShares
  const assets = cash + owedToAssetsUp(borrows)
  return mulDivDown(assets, totalShares, checkedSub(assets, feeAssets))
}

/**
 * Cache.initVaultCache: a vault's words as of `timestamp` (s). Nothing changes where debt would outgrow its limit; fee
 * shares that would outgrow theirs are not minted. `interestFee` in basis points.
 */
export const accrueStatus = (status: VaultStatus, interestFee: bigint, timestamp: number): VaultStatus => {
  const elapsed = checkedSub(BigInt(timestamp), BigInt(status.lastInterestAccumulatorUpdate))
  if (elapsed === 0n) return status
  const interestAccumulator = accumulatorAfter(status, elapsed)
  const totalBorrows = borrowsAt(status, interestAccumulator)
  const shares = sharesWithFee(status, totalBorrows, interestFee)
  if (totalBorrows > OWED_MAX) return status
  const minted = shares <= AMOUNT_MAX ? shares - status.totalShares : 0n
  return {
    ...status,
    lastInterestAccumulatorUpdate: timestamp,
    interestAccumulator,
    totalBorrows,
    totalShares: status.totalShares + minted,
    accumulatedFees: status.accumulatedFees + minted,
  }
}

/** What was last computed of a vault, since all loans on it are assessed at the same time. */
const lastAccrued = new WeakMap<ReadVault, { readonly timestamp: number; readonly accrued: ReadVault }>()

/** The vault with its words as of `timestamp` (s). */
export const accrue = <V extends ReadVault>(vault: V, timestamp: number): V => {
  const last = lastAccrued.get(vault)
  if (last?.timestamp === timestamp) return last.accrued as V
  const status = accrueStatus(vault.status, vault.config.interestFee, timestamp)
  const accrued = { ...vault, status }
  lastAccrued.set(vault, { timestamp, accrued })
  return accrued
}

type Debt = { readonly owed: bigint; readonly interestAccumulator: bigint }

/** BorrowUtils.getCurrentOwed at an accumulator, cut. */
export const currentOwed = ({ owed, interestAccumulator }: Debt, accumulator: bigint): bigint =>
  owed === 0n ? 0n : checkedOwed(mulDivDown(owed, accumulator, interestAccumulator))

/** What is owed at an accumulator, in units of the asset, rounded up. */
export const debtUp = (debt: Debt, accumulator: bigint): bigint =>
  checkedAmount(owedToAssetsUp(currentOwed(debt, accumulator)))

/**
 * The amount that accrued to `accrued`, by the accumulators before and after. There is at most one, since an accumulator
 * never falls; undefined where there is none.
 */
export const unaccrued = (accrued: bigint, before: bigint, after: bigint): bigint | undefined => {
  if (before === 0n || after < before) return undefined
  const amount = (accrued * before + after - 1n) / after
  return (amount * after) / before === accrued ? amount : undefined
}

/** Vault.totalAssets of accrued words, in units of the asset: may exceed what an amount holds. */
export const totalAssetsUp = ({ cash, totalBorrows }: VaultStatus): bigint =>
  cash + checkedAmount(owedToAssetsUp(totalBorrows))

/** What all shares of accrued words are worth in every conversion, in units of the asset: one share is assets / shares. */
export const totalsOf = (status: VaultStatus) => ({
  assets: totalAssetsUp(status) + VIRTUAL_DEPOSIT,
  shares: status.totalShares + VIRTUAL_DEPOSIT,
})

/** SharesLib.toAssetsDown on accrued words, and Vault.convertToAssets. */
export const toAssetsDown = (amount: bigint, status: VaultStatus): bigint => {
  const { assets, shares } = totalsOf(status)
  return checkedAmount((checkedAmount(amount) * assets) / shares)
}

/** SharesLib.toAssetsUp on accrued words. */
export const toAssetsUp = (amount: bigint, status: VaultStatus): bigint => {
  const { assets, shares } = totalsOf(status)
  return checkedAmount((checkedAmount(amount) * assets + shares - 1n) / shares)
}

/** AssetsLib.toSharesDown on accrued words, and Vault.convertToShares. */
export const toSharesDown = (amount: bigint, status: VaultStatus): bigint => {
  const { assets, shares } = totalsOf(status)
  return checkedAmount((checkedAmount(amount) * shares) / assets)
}

/** AssetsLib.toSharesUp on accrued words. */
export const toSharesUp = (amount: bigint, status: VaultStatus): bigint => {
  const { assets, shares } = totalsOf(status)
  return checkedAmount((checkedAmount(amount) * shares + assets - 1n) / assets)
}
