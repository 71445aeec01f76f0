// What is looked at beside the cycles of a chain, every so often, at a block that a cycle has committed.
import type { BlockRef } from '../model/block.ts'
import type { SelfCheck } from './judge.ts'

/** Something that is looked at. What could not be read says nothing, as it is not known. */
export type Lookout = {
  /** Reads it at a block. Throws what the chain throws; then nothing is known of it. */
  look(block: BlockRef): Promise<void>
  /** Signals as last found. */
  checks(): readonly SelfCheck[]
}

/** Looks at all of these after a cycle, at most every `everyMs`, never twice at once. Answers what to call after each. */
export const createLookouts = (
  lookouts: readonly Lookout[],
  everyMs: number,
  nowMs: () => number,
): { afterCycle(block: BlockRef): Promise<void>; checks(): readonly SelfCheck[] } => {
  let dueAtMs = Number.NEGATIVE_INFINITY
  let isLooking = false
  return {
    afterCycle: async (block) => {
      if (isLooking || nowMs() < dueAtMs) return
      isLooking = true
      dueAtMs = nowMs() + everyMs
      try {
        const looks = await Promise.allSettled(lookouts.map((lookout) => lookout.look(block)))
        for (const look of looks) if (look.status === 'rejected') throw look.reason
      } finally {
        isLooking = false
      }
    },
    checks: () => lookouts.flatMap((lookout) => lookout.checks()),
  }
}
