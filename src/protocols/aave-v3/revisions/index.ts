import type { AccountMath } from './revision.ts'
import { v3_0 } from './v3-0.ts'

/** What the chain says about a pool: its own number, and which functions of later revisions it has. */
export type RevisionEvidence = {
  readonly poolRevision: bigint
  readonly hasGracePeriod: boolean
  readonly hasReserveDeficit: boolean
}

type Revision = {
  readonly name: string
  readonly math: AccountMath
  matches(evidence: RevisionEvidence): boolean
}

/** Families of maths, chosen by what the contract answers, never by chain. A new revision is one more entry. */
const revisions: readonly Revision[] = [
  {
    name: '3.0',
    math: v3_0,
    matches: ({ poolRevision, hasGracePeriod, hasReserveDeficit }) =>
      poolRevision >= 1n && poolRevision <= 3n && !hasGracePeriod && !hasReserveDeficit,
  },
]

/** The family of maths that the evidence names, or undefined when none is known to be right. */
export const identifyRevision = (evidence: RevisionEvidence): string | undefined =>
  revisions.find((revision) => revision.matches(evidence))?.name

/** The maths of a family named by `identifyRevision`. */
export const mathOf = (revision: string): AccountMath | undefined =>
  revisions.find(({ name }) => name === revision)?.math
