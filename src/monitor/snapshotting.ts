import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Snapshot, SnapshotCause } from '../model/snapshot.ts'
import type { Draft } from '../store/draft.ts'
import { BPS, WAD } from '../units/brands.ts'

/** Health factors at which a snapshot is always taken: between two of them a position is in one band. */
const BAND_EDGES = [100n, 105n, 110n, 125n, 150n, 200n].map((hundredths) => (hundredths * WAD) / 100n)

/** A snapshot is taken when health has moved by this share since the last one. */
const TOLERANCE_BPS = 100n

const bandOf = (healthFactor: bigint): number => BAND_EDGES.filter((edge) => healthFactor >= edge).length

const hasMoved = (before: bigint, now: bigint): boolean => {
  const difference = before > now ? before - now : now - before
  return difference * BPS >= before * TOLERANCE_BPS
}

/** The snapshot of an assessment, whatever the cause. */
export const snapshotOf = (assessment: Assessment, cause: SnapshotCause): Snapshot => {
  const { id: position, owner, block } = assessment
  const at = { position, owner, blockNumber: block.number, timestamp: block.timestamp, cause }
  if (assessment.kind === 'unassessable')
    return {
      ...at,
      healthFactor: null,
      collateralValue: null,
      debtValue: null,
      isLiquidatable: null,
      reason: assessment.reason,
    }
  const { healthFactor, collateralValue, debtValue, isLiquidatable } = assessment
  return { ...at, healthFactor, collateralValue, debtValue, isLiquidatable, reason: null }
}

const causeOf = (
  previous: Snapshot | undefined,
  now: Snapshot,
  wasTouched: boolean,
): SnapshotCause | undefined => {
  if (!previous) return 'opened'
  if (previous.healthFactor === null || now.healthFactor === null)
    return previous.reason === now.reason ? undefined : 'crossed'
  if (previous.isLiquidatable !== now.isLiquidatable) return 'crossed'
  if (bandOf(previous.healthFactor) !== bandOf(now.healthFactor)) return 'crossed'
  if (
    wasTouched &&
    (previous.collateralValue !== now.collateralValue || previous.debtValue !== now.debtValue)
  )
    return 'activity'
  return hasMoved(previous.healthFactor, now.healthFactor) ? 'moved' : undefined
}

/** The snapshot that an assessment calls for, given the last one taken of that position; usually none. */
const snapshotDue = (
  previous: Snapshot | undefined,
  assessment: Assessment,
  wasTouched: boolean,
): Snapshot | undefined => {
  const now = snapshotOf(assessment, 'opened')
  const cause = causeOf(previous, now, wasTouched)
  return cause && { ...now, cause }
}

const closing = (last: Snapshot, { number, timestamp }: BlockRef): Snapshot => ({
  ...last,
  blockNumber: number,
  timestamp,
  cause: 'closed',
  healthFactor: null,
  collateralValue: null,
  debtValue: null,
  isLiquidatable: null,
  reason: null,
})

/** The position ids that begin so belong to one deployment. */
const prefixOf = ({ mirror: { deployment } }: Draft): string => `${formatDeploymentId(deployment)}:`

/** All snapshots that a block calls for, and the positions that are gone: known before, of a followed deployment, no longer assessed. */
export const snapshotsDue = (
  previous: ReadonlyMap<string, Snapshot>,
  assessments: ReadonlyMap<string, Assessment>,
  drafts: readonly Draft[],
  block: BlockRef,
): { readonly snapshots: readonly Snapshot[]; readonly closed: readonly string[] } => {
  const touched = new Set(
    drafts.flatMap((draft) => [...draft.positions.changes.keys()].map((key) => `${prefixOf(draft)}${key}`)),
  )
  const due = [...assessments.values()].flatMap(
    (assessment) => snapshotDue(previous.get(assessment.id), assessment, touched.has(assessment.id)) ?? [],
  )
  const prefixes = drafts.map(prefixOf)
  const gone = [...previous.values()].filter(
    ({ position }) => !assessments.has(position) && prefixes.some((prefix) => position.startsWith(prefix)),
  )
  return {
    snapshots: [...due, ...gone.map((last) => closing(last, block))],
    closed: gone.map(({ position }) => position),
  }
}

/** The last snapshots after new ones; closed positions leave. Changes nothing where there are none. */
export const withSnapshots = (
  previous: ReadonlyMap<string, Snapshot>,
  taken: readonly Snapshot[],
): ReadonlyMap<string, Snapshot> => {
  if (taken.length === 0) return previous
  const next = new Map(previous)
  for (const snapshot of taken) {
    if (snapshot.cause === 'closed') next.delete(snapshot.position)
    else next.set(snapshot.position, snapshot)
  }
  return next
}
