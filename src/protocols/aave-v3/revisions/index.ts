import type { Revision } from './revision.ts'
import { v3_0 } from './v3-0.ts'
import { v3_1, v3_2, v3_3 } from './v3-1-to-3.ts'
import { v3_4, v3_5, v3_6, v3_7 } from './v3-4-to-7.ts'

/** A function of the pool that each later revision brought, in the order of the revisions. */
export const PROBES = [
  'getLiquidationGracePeriod',
  'getEModeCategoryCollateralBitmap',
  'getReserveDeficit',
  'RESERVE_INTEREST_RATE_STRATEGY',
  'getEModeCategoryLtvzeroBitmap',
  'getIsEModeCategoryIsolated',
] as const

/** What the chain says about a pool: its own number, and which of the functions above it has. */
export type RevisionEvidence = {
  readonly poolRevision: bigint
  readonly functions: readonly (typeof PROBES)[number][]
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

/**
 * The name of the revision that number and functions agree on; undefined where they do not, or where the number is of a
 * later revision, whose maths nobody here knows. Tokens have revisions of their own, which decide nothing: the pool values
 * their scaled balances itself, and since 3.5 hands them the scaled amounts.
 */
export const identifyRevision = ({ poolRevision, functions }: RevisionEvidence): string | undefined => {
  const isInOrder = PROBES.slice(0, functions.length).every((name) => functions.includes(name))
  if (!isInOrder) return undefined
  return revisions.find((one) => one.functionCount === functions.length && one.numbers.includes(poolRevision))
    ?.revision.name
}

const byName = new Map(revisions.map(({ revision }) => [revision.name, revision]))

/** The rules of a revision named by `identifyRevision`. */
export const revisionOf = (name: string): Revision | undefined => byName.get(name)
