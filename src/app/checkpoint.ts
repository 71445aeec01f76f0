import { snapshotOf } from '../monitor/snapshotting.ts'
import type { Database } from '../store/database.ts'
import { writeSnapshots } from '../store/snapshots.ts'
import { assessStored } from './stored.ts'

/** Takes a snapshot of every position in the store, whatever its health did since the last. */
export const takeCheckpoint = (database: Database): void => {
  const chains = assessStored(database)
  database.transaction(
    () => {
      for (const { block, assessments } of chains)
        writeSnapshots(
          database,
          block.chainId,
          Array.from(assessments(), (assessment) => snapshotOf(assessment, 'checkpoint')),
        )
    },
    { behavior: 'immediate' },
  )
}
