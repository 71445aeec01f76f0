// Revision 3.0.x of the pool, which is also SparkLend's maths (npm @aave/core-v3 1.19.3).
import { RAY, UINT256_MAX } from '../../../units/brands.ts'
import { checkedUint256 } from '../../../units/mul-div.ts'
import {
  linearInterestDown,
  percentMulHalfUp,
  rayMulHalfUp,
  SECONDS_PER_YEAR,
  secondsBetween,
  wadDivHalfUp,
} from '../math.ts'
import type { Reserve, StableDebt } from '../state.ts'
import type { AccountMath, AccountTotals, ValuedLeg } from './revision.ts'

/** MathUtils.calculateCompoundedInterest: a ray factor, the binomial to its third term. `rate` is a yearly ray. */
export const compoundedInterestDown = (rate: bigint, seconds: bigint): bigint => {
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
export const normalizedIncome = (reserve: Reserve, timestamp: number): bigint => {
  const seconds = secondsBetween(reserve.lastUpdateTimestamp, timestamp)
  if (seconds === 0n) return reserve.liquidityIndex
  return rayMulHalfUp(linearInterestDown(reserve.liquidityRate, seconds), reserve.liquidityIndex)
}

/** ReserveLogic.getNormalizedDebt: the variable borrow index (ray) accrued to `timestamp` (s). */
export const normalizedDebt = (reserve: Reserve, timestamp: number): bigint => {
  const seconds = secondsBetween(reserve.lastUpdateTimestamp, timestamp)
  if (seconds === 0n) return reserve.variableBorrowIndex
  return rayMulHalfUp(
    compoundedInterestDown(reserve.variableBorrowRate, seconds),
    reserve.variableBorrowIndex,
  )
}

/** StableDebtToken.balanceOf: a stable debt accrued to `timestamp` (s), in units of the asset. */
export const stableBalance = (debt: StableDebt, timestamp: number): bigint =>
  debt.principal === 0n
    ? 0n
    : rayMulHalfUp(
        debt.principal,
        compoundedInterestDown(debt.rate, secondsBetween(debt.timestamp, timestamp)),
      )

/** GenericLogic._getUserBalanceInBaseCurrency and _getUserDebtInBaseCurrency: the base-currency value of an amount, floored. */
const valueDown = (amount: bigint, price: bigint, decimals: number): bigint =>
  checkedUint256(amount * price) / 10n ** BigInt(decimals)

/** GenericLogic.calculateUserAccountData: the average threshold is cut to whole basis points before it weighs the collateral. */
const totals = (legs: readonly ValuedLeg[]): AccountTotals => {
  const collateralValue = legs.reduce((sum, leg) => sum + leg.collateralValue, 0n)
  const debtValue = legs.reduce((sum, leg) => sum + leg.debtValue, 0n)
  const weighted = legs.reduce((sum, leg) => sum + leg.collateralValue * leg.liquidationThreshold, 0n) // base × bps
  const averageThreshold = collateralValue === 0n ? 0n : checkedUint256(weighted) / collateralValue // bps
  const liquidationValue = percentMulHalfUp(collateralValue, averageThreshold)
  const healthFactor = debtValue === 0n ? UINT256_MAX : wadDivHalfUp(liquidationValue, debtValue)
  return { collateralValue, debtValue, liquidationValue, healthFactor }
}

export const v3_0: AccountMath = {
  normalizedIncome,
  normalizedDebt,
  stableBalance,
  collateralBalance: rayMulHalfUp,
  variableDebtBalance: rayMulHalfUp,
  collateralValue: valueDown,
  debtValue: valueDown,
  totals,
}
