import { RefusedError } from '../refusing.ts'
import type { Refusal, Revision } from './revisions/revision.ts'

/** Refuses as the pool of this revision would, unless the condition holds. */
export const requireThat = (revision: Revision, condition: boolean, refusal: Refusal): void => {
  if (!condition) throw new RefusedError(revision.refusals[refusal])
}
