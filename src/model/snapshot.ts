import type { Address } from 'viem'

/** Why a snapshot was taken. `backfilled` ones are samples of a past that was not followed. */
export const SNAPSHOT_CAUSES = [
  'opened',
  'activity',
  'moved',
  'crossed',
  'checkpoint',
  'closed',
  'backfilled',
] as const
export type SnapshotCause = (typeof SNAPSHOT_CAUSES)[number]

/** A position's health at one observed block, for plain SQL. `healthFactor` and the values are null when it could not be assessed. */
export type Snapshot = {
  readonly position: string
  readonly owner: Address
  readonly blockNumber: bigint
  readonly timestamp: number
  readonly cause: SnapshotCause
  readonly healthFactor: bigint | null
  readonly collateralValue: bigint | null
  readonly debtValue: bigint | null
  readonly isLiquidatable: boolean | null
  readonly reason: string | null
}
