// Refusals in the words of the pool's revision.
import type { Fault } from '../../model/market.ts'
import { RefusedError } from '../refusing.ts'
import type { Account } from './account.ts'
import type { Refusal, Revision } from './revisions/revision.ts'

/** Refuses as the pool of this revision would, unless the condition holds. */
export const requireThat = (revision: Revision, condition: boolean, refusal: Refusal): void => {
  if (!condition) throw new RefusedError(revision.refusals[refusal])
}

/** Refuses where it could not be found out what the pool would do: nobody is to believe that it would work. */
export const refuseFault = ({ reason, detail }: Fault): never => {
  throw new RefusedError(`${reason}: ${detail}`)
}

/** The account, or a refusal that says what of it could not be found out. */
export const requireAccount = (account: Account | Fault): Account =>
  'reason' in account ? refuseFault(account) : account
