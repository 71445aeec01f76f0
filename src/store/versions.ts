// State by block: an entry's version holds from its block until the next one.
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** A version: null where the entry is gone from that block on. */
export type Version = { readonly validFrom: number; readonly state: Buffer | null }

const statementsOf = preparedFor({
  write: 'INSERT OR REPLACE INTO versions (entry_id, valid_from, state) VALUES (?, ?, ?)',
  note: 'INSERT OR IGNORE INTO writes (chain_id, block_number, entry_id) VALUES (?, ?, ?)',
  at: `SELECT valid_from AS validFrom, state FROM versions WHERE entry_id = ? AND valid_from <= ?
    ORDER BY valid_from DESC LIMIT 1`,
  above: 'SELECT DISTINCT entry_id AS entryId FROM writes WHERE chain_id = ? AND block_number > ?',
  removeVersions: 'DELETE FROM versions WHERE entry_id = ? AND valid_from > ?',
  removeSnapshots: 'DELETE FROM snapshots WHERE entry_id = ? AND block_number > ?',
  removeNotes: 'DELETE FROM writes WHERE chain_id = ? AND block_number > ?',
  forget: 'DELETE FROM writes WHERE chain_id = ? AND block_number <= ?',
})

/** Notes that a block wrote something of an entry, so that it can be taken back. Runs inside the caller's transaction. */
export const noteWrite = (
  database: Database,
  chainId: number,
  blockNumber: number,
  entryId: number,
): void => {
  statementsOf(database).note.run(chainId, blockNumber, entryId)
}

/** Writes the state of an entry from a block on. Runs inside the caller's transaction. */
export const writeVersion = (
  database: Database,
  chainId: number,
  blockNumber: number,
  entryId: number,
  state: Uint8Array | null,
): void => {
  statementsOf(database).write.run(entryId, blockNumber, state)
  noteWrite(database, chainId, blockNumber, entryId)
}

/** The version of an entry at a block; undefined where it had none yet. */
export const versionAt = (database: Database, entryId: number, blockNumber: number): Version | undefined =>
  statementsOf(database).at.get(entryId, blockNumber) as Version | undefined

/** Entries of which blocks above `above` wrote something. */
export const entriesWrittenAbove = (database: Database, chainId: number, above: number): readonly number[] =>
  (statementsOf(database).above.all(chainId, above) as { entryId: number }[]).map(({ entryId }) => entryId)

/** Takes back what blocks above `above` wrote: versions and snapshots. Answers their entries. Runs inside the caller's transaction. */
export const removeWrites = (database: Database, chainId: number, above: number): ReadonlySet<number> => {
  const { removeVersions, removeSnapshots, removeNotes } = statementsOf(database)
  const entryIds = entriesWrittenAbove(database, chainId, above)
  for (const entryId of entryIds) {
    removeVersions.run(entryId, above)
    removeSnapshots.run(entryId, above)
  }
  removeNotes.run(chainId, above)
  return new Set(entryIds)
}

/** Forgets which blocks up to `until` wrote what: they can no longer be orphaned. Runs inside the caller's transaction. */
export const forgetWrites = (database: Database, chainId: number, until: number): void => {
  statementsOf(database).forget.run(chainId, until)
}
