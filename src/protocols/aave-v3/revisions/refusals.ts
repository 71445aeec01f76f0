// What the pool says when it refuses, by the generation of its errors.
import type { Refusal } from './revision.ts'

/** Until 3.3 the pool reverts with a numeric code; these are the names of the constants behind it (Errors.sol, 3.0.2 and 3.3.0). */
export const codedRefusals: Readonly<Record<Refusal, string>> = {
  inactive: 'RESERVE_INACTIVE',
  paused: 'RESERVE_PAUSED',
  frozen: 'RESERVE_FROZEN',
  sentinel: 'PRICE_ORACLE_SENTINEL_CHECK_FAILED',
  'grace-period': 'LIQUIDATION_GRACE_SENTINEL_CHECK_FAILED',
  healthy: 'HEALTH_FACTOR_NOT_BELOW_THRESHOLD',
  'not-collateral': 'COLLATERAL_CANNOT_BE_LIQUIDATED',
  'not-borrowed': 'SPECIFIED_CURRENCY_NOT_BORROWED_BY_USER',
  dust: 'MUST_NOT_LEAVE_DUST',
  'zero-amount': 'INVALID_AMOUNT',
  'zero-burn': 'INVALID_BURN_AMOUNT',
  'zero-mint': 'INVALID_MINT_AMOUNT',
  balance: 'NOT_ENOUGH_AVAILABLE_USER_BALANCE',
  'borrowing-off': 'BORROWING_NOT_ENABLED',
  'not-borrowable-in-e-mode': 'NOT_BORROWABLE_IN_EMODE',
  'no-ltv': 'LTV_VALIDATION_FAILED',
  'not-covered': 'COLLATERAL_CANNOT_COVER_NEW_BORROW',
  unhealthy: 'HEALTH_FACTOR_LOWER_THAN_LIQUIDATION_THRESHOLD',
  'no-debt': 'NO_DEBT_OF_SELECTED_TYPE',
}

/** Since 3.4 the pool reverts with typed errors (Errors.sol, 3.4.0 to 3.7). */
export const typedRefusals: Readonly<Record<Refusal, string>> = {
  inactive: 'ReserveInactive',
  paused: 'ReservePaused',
  frozen: 'ReserveFrozen',
  sentinel: 'PriceOracleSentinelCheckFailed',
  'grace-period': 'LiquidationGraceSentinelCheckFailed',
  healthy: 'HealthFactorNotBelowThreshold',
  'not-collateral': 'CollateralCannotBeLiquidated',
  'not-borrowed': 'SpecifiedCurrencyNotBorrowedByUser',
  dust: 'MustNotLeaveDust',
  'zero-amount': 'InvalidAmount',
  'zero-burn': 'InvalidBurnAmount',
  'zero-mint': 'InvalidMintAmount',
  balance: 'NotEnoughAvailableUserBalance',
  'borrowing-off': 'BorrowingNotEnabled',
  'not-borrowable-in-e-mode': 'NotBorrowableInEMode',
  'no-ltv': 'LtvValidationFailed',
  'not-covered': 'CollateralCannotCoverNewBorrow',
  unhealthy: 'HealthFactorLowerThanLiquidationThreshold',
  'no-debt': 'NoDebtOfSelectedType',
}
