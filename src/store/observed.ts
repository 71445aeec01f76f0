// What the database knows of the times of blocks.
import type { Hash } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** A block and its time in seconds. */
export type Mark = { readonly number: bigint; readonly timestamp: number }

type Row = { readonly number: number; readonly timestamp: number }

const markOf = (row: Row | undefined): Mark | undefined =>
  row && { number: BigInt(row.number), timestamp: row.timestamp }

const statementsOf = preparedFor({
  before: `SELECT number, timestamp FROM blocks WHERE chain_id = ? AND number > ? AND number < ? AND timestamp <= ?
    ORDER BY number DESC LIMIT 1`,
  after: `SELECT number, timestamp FROM blocks WHERE chain_id = ? AND number > ? AND number < ? AND timestamp > ?
    ORDER BY number LIMIT 1`,
  within: `SELECT number, hash, timestamp FROM blocks WHERE chain_id = ? AND timestamp >= ? AND timestamp <= ?
    ORDER BY number`,
  first: `SELECT timestamp FROM blocks WHERE chain_id = ? AND timestamp >= ? ORDER BY number LIMIT 1`,
  /** Of what is not grouped by, SQLite takes the values of the row that has the maximum. */
  lastOfEach: `SELECT max(number) AS number, hash, timestamp FROM blocks WHERE chain_id = ? AND timestamp >= ? AND timestamp <= ?
    GROUP BY timestamp / CAST(? AS INTEGER) ORDER BY number`,
})

/** The closest observed blocks around a time, between two others: `low` is not after it, `high` is. */
export const narrowed = (
  database: Database,
  chainId: number,
  timestamp: number,
  { low, high }: { readonly low: Mark; readonly high: Mark },
): { readonly low: Mark; readonly high: Mark } => {
  const find = (side: 'before' | 'after', from: bigint, to: bigint): Mark | undefined =>
    markOf(statementsOf(database)[side].get(chainId, Number(from), Number(to), timestamp) as Row | undefined)
  const before = find('before', low.number, high.number) ?? low
  return { low: before, high: find('after', before.number, high.number) ?? high }
}

/** Observed blocks of a chain within a span of time, seconds, both ends among them; oldest first. */
export const observedBlocks = (
  database: Database,
  chainId: number,
  since: number,
  until: number,
): readonly BlockRef[] =>
  (statementsOf(database).within.all(chainId, since, until) as (Row & { readonly hash: Hash })[]).map(
    ({ number, hash, timestamp }) => ({ chainId, number: BigInt(number), hash, timestamp }),
  )

/** The last observed block of each interval of so many seconds within a span of time, both ends among it; oldest first. */
export const lastObservedOfEach = (
  database: Database,
  chainId: number,
  {
    since,
    until,
    everySeconds,
  }: { readonly since: number; readonly until: number; readonly everySeconds: number },
): readonly BlockRef[] =>
  (
    statementsOf(database).lastOfEach.all(chainId, since, until, everySeconds) as (Row & {
      readonly hash: Hash
    })[]
  ).map(({ number, hash, timestamp }) => ({ chainId, number: BigInt(number), hash, timestamp }))

/** The time of the first observed block of a chain at or after a time, seconds; undefined where none was observed since. */
export const firstObservedSince = (database: Database, chainId: number, since: number): number | undefined =>
  (statementsOf(database).first.get(chainId, since) as Pick<Row, 'timestamp'> | undefined)?.timestamp
