import { and, eq, gt } from 'drizzle-orm'
import type { Key } from '../protocols/adapter.ts'
import type { Database } from './database.ts'
import { touches } from './schema.ts'
import { preparedFor } from './statements.ts'

const statementsOf = preparedFor({
  note: 'INSERT OR IGNORE INTO touches (deployment_id, block_number, key) VALUES (?, ?, ?)',
})

/** Notes that a block touched keys of a deployment. Runs inside the caller's transaction. */
export const noteTouches = (
  database: Database,
  deploymentId: number,
  blockNumber: number,
  keys: Iterable<Key>,
): void => {
  const { note } = statementsOf(database)
  for (const key of keys) note.run(deploymentId, blockNumber, key)
}

/** Keys of a deployment that blocks above `ancestor` touched. */
export const orphanedTouches = (database: Database, deploymentId: number, ancestor: bigint): readonly Key[] =>
  database
    .selectDistinct({ key: touches.key })
    .from(touches)
    .where(and(eq(touches.deploymentId, deploymentId), gt(touches.blockNumber, Number(ancestor))))
    .all()
    .map(({ key }) => key)
