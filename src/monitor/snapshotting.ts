// When health is written down: on opening, activity, a move beyond the tolerance, a crossing of bands, and on closing.
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Snapshot, SnapshotCause } from '../model/snapshot.ts'
import { healthPpm } from '../units/format.ts'
import { bandOf, hasMoved } from './bands.ts'
import type { Last } from './last-snapshots.ts'

const UNKNOWN = { healthFactor: null, collateralValue: null, debtValue: null, isLiquidatable: null }

/** The snapshot of an assessment, whatever the cause. */
export const snapshotOf = (assessment: Assessment, cause: SnapshotCause): Snapshot => {
  const isKnown = assessment.kind === 'assessed'
  return {
    position: assessment.id,
    owner: assessment.owner,
    blockNumber: assessment.block.number,
    timestamp: assessment.block.timestamp,
    cause,
    healthFactor: isKnown ? assessment.healthFactor : null,
    collateralValue: isKnown ? assessment.collateralValue : null,
    debtValue: isKnown ? assessment.debtValue : null,
    isLiquidatable: isKnown ? assessment.isLiquidatable : null,
    reason: isKnown ? null : assessment.reason,
  }
}

/** The snapshot that a position's end calls for. */
export const closingSnapshot = (
  { position, owner }: Pick<Snapshot, 'position' | 'owner'>,
  { number, timestamp }: BlockRef,
): Snapshot => ({
  ...{ position, owner, blockNumber: number, timestamp, cause: 'closed' },
  ...UNKNOWN,
  reason: null,
})

/** `wasActive`: the position's own state changed; `parts`: a move by one part of so many is one. */
export type Circumstances = {
  readonly last: Last | undefined
  readonly wasActive: boolean
  readonly parts: number
}

const causeOf = (now: Assessment, { last, wasActive, parts }: Circumstances): SnapshotCause | undefined => {
  if (!last) return 'opened'
  if (last.kind === 'unassessable' || now.kind === 'unassessable') {
    const isSame = last.kind === 'unassessable' && now.kind === 'unassessable' && last.reason === now.reason
    return isSame ? undefined : 'crossed'
  }
  const ppm = healthPpm(now.healthFactor)
  if (last.isLiquidatable !== now.isLiquidatable || bandOf(last.ppm) !== bandOf(ppm)) return 'crossed'
  if (wasActive) return 'activity'
  return hasMoved(last.ppm, ppm, parts) ? 'moved' : undefined
}

/** The snapshot that an assessment calls for; usually none. */
export const snapshotDue = (assessment: Assessment, circumstances: Circumstances): Snapshot | undefined => {
  const cause = causeOf(assessment, circumstances)
  return cause && snapshotOf(assessment, cause)
}
