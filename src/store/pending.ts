// Keys that are due but not yet read: the backlog of a bootstrap, and reads that failed and are tried again.
import type { Key } from '../protocols/adapter.ts'
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

export type PendingKind = 'backlog' | 'retry'

const statementsOf = preparedFor({
  add: 'INSERT OR IGNORE INTO pending (deployment_id, key, is_retry) VALUES (?, ?, ?)',
  remove: 'DELETE FROM pending WHERE deployment_id = ? AND key = ? AND is_retry = ?',
})

const codeOf = (kind: PendingKind): number => (kind === 'retry' ? 1 : 0)

/** Runs inside the caller's transaction. */
export const addPending = (
  database: Database,
  deploymentId: number,
  kind: PendingKind,
  keys: Iterable<Key>,
): void => {
  const { add } = statementsOf(database)
  for (const key of keys) add.run(deploymentId, key, codeOf(kind))
}

/** Runs inside the caller's transaction. */
export const removePending = (
  database: Database,
  deploymentId: number,
  kind: PendingKind,
  keys: Iterable<Key>,
): void => {
  const { remove } = statementsOf(database)
  for (const key of keys) remove.run(deploymentId, key, codeOf(kind))
}
