import type { Revision } from './revision.ts'
import { v3_0 } from './v3-0.ts'
import { v3_1, v3_2, v3_3 } from './v3-1-to-3.ts'
import { v3_4, v3_5, v3_6, v3_7 } from './v3-4-to-7.ts'

/**
 * What the chain says about a pool: its own number, and which of the functions that a later revision brought it has, in
 * the order of the revisions.
 */
export type RevisionEvidence = {
  readonly poolRevision: bigint
  readonly hasGracePeriod: boolean
  readonly hasCollateralBitmap: boolean
  readonly hasReserveDeficit: boolean
  readonly hasPoolRateStrategy: boolean
  readonly hasLtvzeroBitmap: boolean
  readonly hasIsolatedEMode: boolean
}

/** How many of the functions above each revision has, and the numbers that its pools give themselves (PoolInstance.sol). */
const revisions: readonly { revision: Revision; functionCount: number; numbers: readonly bigint[] }[] = [
  { revision: v3_0, functionCount: 0, numbers: [1n, 2n, 3n] },
  { revision: v3_1, functionCount: 1, numbers: [4n] },
  { revision: v3_2, functionCount: 2, numbers: [5n, 6n] },
  { revision: v3_3, functionCount: 3, numbers: [7n] },
  { revision: v3_4, functionCount: 4, numbers: [8n] },
  { revision: v3_5, functionCount: 4, numbers: [9n] },
  { revision: v3_6, functionCount: 5, numbers: [10n] },
  { revision: v3_7, functionCount: 6, numbers: [11n] },
]

const functionsOf = (evidence: RevisionEvidence): readonly boolean[] => [
  evidence.hasGracePeriod,
  evidence.hasCollateralBitmap,
  evidence.hasReserveDeficit,
  evidence.hasPoolRateStrategy,
  evidence.hasLtvzeroBitmap,
  evidence.hasIsolatedEMode,
]

/**
 * The name of the revision that number and functions agree on; undefined where they do not, or where the number is of a
 * later revision, whose maths nobody here knows.
 */
export const identifyRevision = (evidence: RevisionEvidence): string | undefined => {
  const functions = functionsOf(evidence)
  const functionCount = functions.filter(Boolean).length
  if (functions.slice(0, functionCount).includes(false)) return undefined
  return revisions.find(
    (one) => one.functionCount === functionCount && one.numbers.includes(evidence.poolRevision),
  )?.revision.name
}

/** The rules of a revision named by `identifyRevision`. */
export const revisionOf = (name: string): Revision | undefined =>
  revisions.find(({ revision }) => revision.name === name)?.revision
