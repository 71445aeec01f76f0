// How VAIController and Liquidator say no, besides the words that vTokens and comptroller share with their family.
import { FailedError, RejectedError } from '../compound-v2/failing.ts'
import { RefusedError } from '../refusing.ts'

/** VAIControllerErrorReporter: the error is always REJECTION here. */
const REJECTION = 2n
const FAILURE_INFOS = {
  VAI_LIQUIDATE_COMPTROLLER_REJECTION: 10n,
  VAI_LIQUIDATE_CLOSE_AMOUNT_IS_UINT_MAX: 12n,
  VAI_LIQUIDATE_CLOSE_AMOUNT_IS_ZERO: 13n,
} as const

/** VAIController answers a code and emits Failure(error, info, detail); `args` are these three. */
export class VaiFailedError extends RefusedError {
  readonly error = REJECTION
  constructor(info: keyof typeof FAILURE_INFOS, cause?: RejectedError) {
    super(cause?.message ?? info, [REJECTION, FAILURE_INFOS[info], cause?.code ?? 0n])
  }
}

export const vaiFailUnless = (condition: boolean, info: keyof typeof FAILURE_INFOS): void => {
  if (!condition) throw new VaiFailedError(info)
}

/** What the comptroller is asked within VAIController: its rejection becomes VAIController's failure, a revert stays one. */
export const vaiAllowed = (ask: () => void): void => {
  try {
    ask()
  } catch (error) {
    if (error instanceof RejectedError) throw new VaiFailedError('VAI_LIQUIDATE_COMPTROLLER_REJECTION', error)
    throw error
  }
}

/** Liquidator.requireNoError: a code becomes a revert that carries it. */
export const revertingWithCode = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof FailedError || error instanceof VaiFailedError)
      throw new RefusedError('LiquidationFailed', [error.error])
    throw error
  }
}
