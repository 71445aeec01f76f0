// How these contracts say no: by reverting, or by a code and a Failure event where the transaction succeeds and moves nothing.
import { RefusedError } from '../refusing.ts'

/** ComptrollerErrorReporter.Error. */
export const COMPTROLLER_ERRORS = {
  UNAUTHORIZED: 1n,
  COMPTROLLER_MISMATCH: 2n,
  INSUFFICIENT_SHORTFALL: 3n,
  INSUFFICIENT_LIQUIDITY: 4n,
  MARKET_NOT_LISTED: 9n,
  PRICE_ERROR: 13n,
  SNAPSHOT_ERROR: 15n,
  TOO_MUCH_REPAY: 17n,
  MARKET_NOT_COLLATERAL: 19n,
} as const

/** TokenErrorReporter.Error. */
export const TOKEN_ERRORS = {
  COMPTROLLER_REJECTION: 3n,
  INVALID_CLOSE_AMOUNT_REQUESTED: 7n,
  MATH_ERROR: 9n,
  TOKEN_INSUFFICIENT_CASH: 14n,
} as const

/** TokenErrorReporter.FailureInfo. */
export const FAILURE_INFOS = {
  BORROW_CASH_NOT_AVAILABLE: 9n,
  BORROW_COMPTROLLER_REJECTION: 14n,
  LIQUIDATE_COMPTROLLER_REJECTION: 18n,
  LIQUIDATE_CLOSE_AMOUNT_IS_UINT_MAX: 20n,
  LIQUIDATE_CLOSE_AMOUNT_IS_ZERO: 21n,
  MINT_COMPTROLLER_REJECTION: 31n,
  REDEEM_COMPTROLLER_REJECTION: 40n,
  REDEEM_NEW_ACCOUNT_BALANCE_CALCULATION_FAILED: 45n,
  REDEEM_NEW_TOTAL_SUPPLY_CALCULATION_FAILED: 46n,
  REDEEM_TRANSFER_OUT_NOT_POSSIBLE: 47n,
  REPAY_BORROW_COMPTROLLER_REJECTION: 56n,
} as const

/** CarefulMath.MathError: the only arithmetic that fails here is a subtraction. */
const INTEGER_UNDERFLOW = 3n

export type ComptrollerErrorName = keyof typeof COMPTROLLER_ERRORS
export type TokenErrorName = keyof typeof TOKEN_ERRORS
export type FailureInfoName = keyof typeof FAILURE_INFOS

/** The comptroller answers a code other than zero. */
export class RejectedError extends RefusedError {
  readonly code: bigint
  constructor(error: ComptrollerErrorName) {
    super(error)
    this.code = COMPTROLLER_ERRORS[error]
  }
}

/** The comptroller's answer, unless the condition holds. */
export const rejectUnless = (condition: boolean, error: ComptrollerErrorName): void => {
  if (!condition) throw new RejectedError(error)
}

/** A cToken answers a code and emits Failure(error, info, detail); `args` are these three. */
export class FailedError extends RefusedError {
  readonly error: bigint
  constructor(error: TokenErrorName, info: FailureInfoName, cause?: RejectedError) {
    const detail = error === 'MATH_ERROR' ? INTEGER_UNDERFLOW : 0n
    super(cause?.message ?? error, [TOKEN_ERRORS[error], FAILURE_INFOS[info], cause?.code ?? detail])
    this.error = TOKEN_ERRORS[error]
  }
}

export const failUnless = (condition: boolean, error: TokenErrorName, info: FailureInfoName): void => {
  if (!condition) throw new FailedError(error, info)
}

/** What the comptroller is asked within a cToken: its rejection becomes the cToken's failure, a revert stays one. */
export const allowed = <T>(info: FailureInfoName, ask: () => T): T => {
  try {
    return ask()
  } catch (error) {
    if (error instanceof RejectedError) throw new FailedError('COMPTROLLER_REJECTION', info, error)
    throw error
  }
}

/** CEther.requireNoError: functions that take the native asset turn a code into a revert that names it. */
export const revertingWith = <T>(message: string, action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof FailedError)
      throw new RefusedError(`${message} (${error.error.toString().padStart(2, '0')})`)
    throw error
  }
}
