// Revisions 3.4 to 3.7 (aave-dao/aave-v3-origin, tags v3.4.0, v3.5.0, v3.6.0, main fd1fbd91 for 3.7).
import { BPS, bps, RAY, UINT256_MAX } from '../../../units/brands.ts'
import { checkedSub, checkedUint256 } from '../../../units/mul-div.ts'
import { isInBitmap } from '../configuration.ts'
import {
  percentDivDown,
  percentDivUp,
  percentMulDown,
  percentMulUp,
  rayDivDown,
  rayDivUp,
  rayMulDown,
  rayMulHalfUp,
  rayMulUp,
  SECONDS_PER_YEAR,
  valueUp,
  wadDivHalfUp,
} from '../math.ts'
import { typedRefusals } from './refusals.ts'
import type { AccountTotals, Revision, ValuedLeg } from './revision.ts'
import { availableBorrowsOf, normalizedDebtBy, sumsOf } from './v3-0.ts'
import { v3_2, v3_3 } from './v3-1-to-3.ts'

/** MathUtils.calculateCompoundedInterest since 3.4: a ray factor, the exponential series to its third term. `rate` is a yearly ray. */
export const exponentialInterestHalfUp = (rate: bigint, seconds: bigint): bigint => {
  const x = checkedUint256(rate * seconds) / SECONDS_PER_YEAR
  return RAY + x + rayMulHalfUp(x, x / 2n + rayMulHalfUp(x, x / 6n))
}

/** Another compounding, typed errors, the borrow bit follows the scaled debt. */
export const v3_4: Revision = {
  ...v3_3,
  name: '3.4',
  state: { ...v3_3.state, isVirtualBalanceOptional: false },
  account: { ...v3_2.account, normalizedDebt: normalizedDebtBy(exponentialInterestHalfUp) },
  actions: { ...v3_3.actions, isolation: 'after' },
  liquidation: { ...v3_3.liquidation, debtIsGone: 'scaled' },
  refusals: typedRefusals,
}

/** GenericLogic.calculateUserAccountData since 3.5: health from the weighted sum itself, not from the rounded average. */
const totalsFromWeightedSum = (legs: readonly ValuedLeg[]): AccountTotals => {
  const { collateralValue, debtValue, weighted, averageThreshold, averageLtv } = sumsOf(legs)
  return {
    collateralValue,
    debtValue,
    averageThreshold,
    averageLtv,
    liquidationValue: weighted / BPS,
    availableBorrows: availableBorrowsOf(percentMulDown(collateralValue, averageLtv), debtValue),
    healthFactor: debtValue === 0n ? UINT256_MAX : wadDivHalfUp(weighted, debtValue) / BPS,
  }
}

/** Every rounding is in favour of the protocol. */
export const v3_5: Revision = {
  ...v3_4,
  name: '3.5',
  account: {
    ...v3_4.account,
    debtInterest: (scaled, from, to) => rayMulDown(scaled, checkedSub(to, from)),
    collateralBalance: rayMulDown,
    variableDebtBalance: rayMulUp,
    debtValue: valueUp,
    isAverageCut: false,
    totals: totalsFromWeightedSum,
  },
  tokens: {
    collateralMintScaled: rayDivDown,
    collateralBurnScaled: rayDivUp,
    collateralTransferScaled: rayDivUp,
    debtMintScaled: rayDivUp,
    debtBurnScaled: rayDivDown,
  },
  actions: { ...v3_4.actions, checksScaled: true },
  liquidation: { ...v3_4.liquidation, accruesCollateral: true, debtWithoutBonus: percentDivUp },
}

/** Assets may be collateral in an e-mode only, and be switched to zero LTV in one. */
export const v3_6: Revision = {
  ...v3_5,
  name: '3.6',
  state: { ...v3_5.state, hasLtvzeroBitmap: true },
  account: {
    ...v3_5.account,
    countsAsCollateral: () => true,
    ltv: ({ ltv }, reserveId, category, isInCategory) => {
      if (!isInCategory || !category) return category?.isIsolated ? bps(0n) : ltv
      return isInBitmap(category.ltvzeroBitmap, reserveId) ? bps(0n) : bps(category.ltv)
    },
  },
  actions: { ...v3_5.actions, usesCategoryLtv: true, categoryAllowsBorrowing: true },
}

/** No sentinel and no isolation mode any more; the last roundings of a liquidation favour the protocol too. */
export const v3_7: Revision = {
  ...v3_6,
  name: '3.7',
  state: { ...v3_6.state, hasIsolatedEModes: true },
  actions: { ...v3_6.actions, isolation: 'none' },
  liquidation: {
    ...v3_6.liquidation,
    hasSentinel: false,
    collateralIsGone: 'scaled',
    collateralWithBonus: percentMulDown,
    collateralWithoutBonus: percentDivDown,
    protocolFee: percentMulUp,
  },
}
