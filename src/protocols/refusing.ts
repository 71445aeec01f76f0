// Refusals of the contracts, thrown inside an action and answered as `blocked` at its edge.
import type { Blocked } from '../model/liquidation.ts'
import { ArithmeticError } from '../units/errors.ts'

/** A refusal in its contract's own words: a revert reason or a custom error's name, with the values that it carries, if any. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly args: readonly bigint[] | undefined
  constructor(revert: string, args?: readonly bigint[]) {
    super(revert)
    this.args = args
  }
}

/** Refuses with the contract's own error unless the condition holds. */
export const requireThat = (condition: boolean, revert: string, args?: readonly bigint[]): void => {
  if (!condition) throw new RefusedError(revert, args)
}

/** What the action makes, or the contract's refusal: its reason or error name, its panic where arithmetic reverts. */
export const unlessRefused = <T>(action: () => T): T | Blocked => {
  try {
    return action()
  } catch (error) {
    if (error instanceof RefusedError)
      return { kind: 'blocked', revert: error.message, ...(error.args ? { args: error.args } : {}) }
    if (error instanceof ArithmeticError)
      return { kind: 'blocked', revert: `Panic(0x${error.panic.toString(16)})` }
    throw error
  }
}
