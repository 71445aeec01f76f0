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
