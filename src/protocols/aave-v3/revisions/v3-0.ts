// Revision 3.0.x of the pool, which is also SparkLend's maths (npm @aave/core-v3 1.19.3).
import { bps, RAY, UINT256_MAX } from '../../../units/brands.ts'
import { checkedSub, checkedUint256 } from '../../../units/mul-div.ts'
import {
  linearInterestDown,
  percentDivHalfUp,
  percentMulHalfUp,
  rayDivHalfUp,
  rayMulHalfUp,
  SECONDS_PER_YEAR,
  secondsBetween,
  valueDown,
  wadDivHalfUp,
} from '../math.ts'
import type { Reserve, StableDebt } from '../state.ts'
import { codedRefusals } from './refusals.ts'
import type { AccountMath, AccountTotals, Revision, ValuedLeg } from './revision.ts'

/** MathUtils.calculateCompoundedInterest: a ray factor, the binomial to its third term. `rate` is a yearly ray. */
export const binomialInterestDown = (rate: bigint, seconds: bigint): bigint => {
  if (seconds === 0n) return RAY
  const minusOne = seconds - 1n
  const minusTwo = seconds > 2n ? seconds - 2n : 0n
  const powerTwo = rayMulHalfUp(rate, rate) / (SECONDS_PER_YEAR * SECONDS_PER_YEAR)
  const powerThree = rayMulHalfUp(powerTwo, rate) / SECONDS_PER_YEAR
  const second = checkedUint256(seconds * minusOne * powerTwo) / 2n
  const third = checkedUint256(seconds * minusOne * minusTwo * powerThree) / 6n
  return RAY + checkedUint256(rate * seconds) / SECONDS_PER_YEAR + second + third
}

/** ReserveLogic.getNormalizedIncome: the liquidity index (ray) accrued to `timestamp` (s). */
const normalizedIncome = (reserve: Reserve, timestamp: number): bigint => {
  const seconds = secondsBetween(reserve.lastUpdateTimestamp, timestamp)
  if (seconds === 0n) return reserve.liquidityIndex
  return rayMulHalfUp(linearInterestDown(reserve.liquidityRate, seconds), reserve.liquidityIndex)
}

/** ReserveLogic.getNormalizedDebt with a compounding: the variable borrow index (ray) accrued to `timestamp` (s). */
export const normalizedDebtBy =
  (compoundedInterest: (rate: bigint, seconds: bigint) => bigint) =>
  (reserve: Reserve, timestamp: number): bigint => {
    const seconds = secondsBetween(reserve.lastUpdateTimestamp, timestamp)
    if (seconds === 0n) return reserve.variableBorrowIndex
    return rayMulHalfUp(compoundedInterest(reserve.variableBorrowRate, seconds), reserve.variableBorrowIndex)
  }

/** StableDebtToken.balanceOf: a stable debt accrued to `timestamp` (s), in units of the asset. */
const stableBalance = (debt: StableDebt, timestamp: number): bigint =>
  debt.principal === 0n
    ? 0n
    : rayMulHalfUp(debt.principal, binomialInterestDown(debt.rate, secondsBetween(debt.timestamp, timestamp)))

/** What calculateUserAccountData sums up, before health. */
export const sumsOf = (legs: readonly ValuedLeg[]) => {
  let collateralValue = 0n
  let debtValue = 0n
  let weighted = 0n // base × bps
  let weightedLtv = 0n // base × bps
  for (const leg of legs) {
    debtValue += leg.debtValue
    if (leg.collateralValue === 0n) continue
    collateralValue += leg.collateralValue
    weighted += leg.collateralValue * leg.liquidationThreshold
    weightedLtv += leg.collateralValue * leg.ltv
  }
  for (const sum of [collateralValue, debtValue, weighted, weightedLtv]) checkedUint256(sum)
  const averageThreshold = collateralValue === 0n ? 0n : weighted / collateralValue // bps
  const averageLtv = collateralValue === 0n ? 0n : weightedLtv / collateralValue // bps
  return { collateralValue, debtValue, weighted, averageThreshold, averageLtv }
}

/** GenericLogic.calculateAvailableBorrows. */
export const availableBorrowsOf = (borrowable: bigint, debtValue: bigint): bigint =>
  borrowable <= debtValue ? 0n : borrowable - debtValue

/** GenericLogic.calculateUserAccountData: the average threshold is cut to whole basis points before it weighs the collateral. */
const totals = (legs: readonly ValuedLeg[]): AccountTotals => {
  const { collateralValue, debtValue, averageThreshold, averageLtv } = sumsOf(legs)
  const liquidationValue = percentMulHalfUp(collateralValue, averageThreshold)
  return {
    collateralValue,
    debtValue,
    averageThreshold,
    averageLtv,
    liquidationValue,
    availableBorrows: availableBorrowsOf(percentMulHalfUp(collateralValue, averageLtv), debtValue),
    healthFactor: debtValue === 0n ? UINT256_MAX : wadDivHalfUp(liquidationValue, debtValue),
  }
}

const account: AccountMath = {
  normalizedIncome,
  normalizedDebt: normalizedDebtBy(binomialInterestDown),
  stableBalance,
  debtInterest: (scaled, from, to) => checkedSub(rayMulHalfUp(scaled, to), rayMulHalfUp(scaled, from)),
  collateralBalance: rayMulHalfUp,
  variableDebtBalance: rayMulHalfUp,
  collateralValue: valueDown,
  debtValue: valueDown,
  isInCategory: (_category, eMode, _reserveId, configuration) => configuration.eMode === eMode,
  countsAsCollateral: ({ liquidationThreshold }) => liquidationThreshold !== 0n,
  ltv: ({ ltv }, _reserveId, category, isInCategory) =>
    ltv !== 0n && isInCategory && category ? bps(category.ltv) : ltv,
  isAverageCut: true,
  totals,
}

export const v3_0: Revision = {
  name: '3.0',
  state: {
    hasStableDebt: true,
    hasVirtualBalance: false,
    isVirtualBalanceOptional: false,
    hasLiquidEModes: false,
    hasDeficit: false,
    hasLtvzeroBitmap: false,
    hasIsolatedEModes: false,
  },
  account,
  tokens: {
    collateralMintScaled: rayDivHalfUp,
    collateralBurnScaled: rayDivHalfUp,
    collateralTransferScaled: rayDivHalfUp,
    debtMintScaled: rayDivHalfUp,
    debtBurnScaled: rayDivHalfUp,
  },
  actions: {
    checksScaled: false,
    usesCategoryLtv: false,
    categoryAllowsBorrowing: false,
    isLimitedBySupply: false,
    isolation: 'before',
  },
  liquidation: {
    closeFactor: 'reserve',
    hasDustRule: false,
    hasDeficit: false,
    hasGracePeriod: false,
    hasSentinel: true,
    accruesCollateral: false,
    collateralIsGone: 'amount',
    debtIsGone: 'amount',
    collateralWithBonus: percentMulHalfUp,
    collateralWithoutBonus: percentDivHalfUp,
    debtWithoutBonus: percentDivHalfUp,
    protocolFee: percentMulHalfUp,
  },
  refusals: { ...codedRefusals, 'not-borrowable-in-e-mode': 'INCONSISTENT_EMODE_CATEGORY' },
}
