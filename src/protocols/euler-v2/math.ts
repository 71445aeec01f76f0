// Scales and roundings of the vault kit (EVault/shared/types).
import { UINT256_MAX } from '../../units/brands.ts'
import { checkedUint256 } from '../../units/mul-div.ts'
import { RefusedError, requireThat } from '../refusing.ts'

/** Owed amounts are units of the asset shifted left by this many bits. */
export const DEBT_PRECISION_SHIFT = 31n

/** The largest amount of assets or shares: uint112. */
export const AMOUNT_MAX = 2n ** 112n - 1n

/** The largest owed amount. */
export const OWED_MAX = AMOUNT_MAX << DEBT_PRECISION_SHIFT

/** TypesLib.toAssets and toShares: refuses what does not fit. */
export const checkedAmount = (amount: bigint): bigint => {
  requireThat(amount <= AMOUNT_MAX, 'E_AmountTooLargeToEncode')
  return amount
}

/** TypesLib.toOwed. */
export const checkedOwed = (owed: bigint): bigint => {
  requireThat(owed <= OWED_MAX, 'E_DebtAmountTooLargeToEncode')
  return owed
}

/** OwedLib.toAssetsUpUint: units of the asset. */
export const owedToAssetsUp = (owed: bigint): bigint =>
  (owed + (1n << DEBT_PRECISION_SHIFT) - 1n) >> DEBT_PRECISION_SHIFT

/** OwedLib.toAssetsDown. */
export const owedToAssetsDown = (owed: bigint): bigint => owed >> DEBT_PRECISION_SHIFT

/** AssetsLib.toOwed, exact. */
export const assetsToOwed = (assets: bigint): bigint => checkedOwed(assets << DEBT_PRECISION_SHIFT)

/** Solady's fullMulDiv: floor(a · b / denominator) with a product of 512 bits. */
export const fullMulDivDown = (a: bigint, b: bigint, denominator: bigint): bigint => {
  if (denominator === 0n) throw new RefusedError('FullMulDivFailed')
  const quotient = (a * b) / denominator
  requireThat(quotient <= UINT256_MAX, 'FullMulDivFailed')
  return quotient
}

/** AmountCapLib.resolve: 10 bits of mantissa in hundredths, 6 bits of exponent; 0 is no cap. */
export const capOf = (raw: number): bigint => {
  if (raw === 0) return UINT256_MAX
  return checkedUint256((10n ** BigInt(raw & 63) * BigInt(raw >> 6)) / 100n)
}
