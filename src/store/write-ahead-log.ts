// Moving the write-ahead log into the database file: after a commit, where nobody waits for it, and not within it.
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** Rows written since the log was last moved that call for it again; about as many pages as SQLite lets gather. */
const ROWS_MAX = 1_000
/** Pages at which SQLite moves the log within a commit: writers that never pause are bounded by it. */
export const LOG_PAGES_MAX = 65_536

type Log = { movedAt: number; isScheduled: boolean }

const logs = new WeakMap<Database, Log>()

const statementsOf = preparedFor({ count: 'SELECT total_changes() AS rows' })

const writtenRows = (database: Database): number =>
  (statementsOf(database).count.get() as { readonly rows: number }).rows

/** A log that cannot be moved now, for a reader or a full disk, is moved after a later commit. */
const move = (database: Database, log: Log): void => {
  log.isScheduled = false
  if (!database.$client.open) return
  try {
    database.$client.pragma('wal_checkpoint(PASSIVE)')
    log.movedAt = writtenRows(database)
  } catch {}
}

/** Moves the log in a turn of its own where enough was written. To be called after a commit. */
export const moveLogLater = (database: Database): void => {
  const log = logs.get(database) ?? { movedAt: 0, isScheduled: false }
  logs.set(database, log)
  if (log.isScheduled || writtenRows(database) - log.movedAt < ROWS_MAX) return
  log.isScheduled = true
  setImmediate(() => move(database, log))
}
