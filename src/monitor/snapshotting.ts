import type { Assessment } from '../model/assessment.ts'
import type { Snapshot, SnapshotCause } from '../model/snapshot.ts'
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
export const snapshotDue = (
  previous: Snapshot | undefined,
  assessment: Assessment,
  wasTouched: boolean,
): Snapshot | undefined => {
  const now = snapshotOf(assessment, 'opened')
  const cause = causeOf(previous, now, wasTouched)
  return cause && { ...now, cause }
}
