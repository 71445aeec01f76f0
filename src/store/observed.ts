// What the database knows of the times of blocks, and of whose a position is.
import type { Address } from 'viem'
import type { PositionId } from '../model/ids.ts'
import type { Database } from './database.ts'
import { KIND } from './entries.ts'

/** A block and its time in seconds. */
export type Mark = { readonly number: bigint; readonly timestamp: number }

type Row = { readonly number: number; readonly timestamp: number }

const markOf = (row: Row | undefined): Mark | undefined =>
  row && { number: BigInt(row.number), timestamp: row.timestamp }

const BEFORE = `SELECT number, timestamp FROM blocks WHERE chain_id = ? AND number > ? AND number < ? AND timestamp <= ?
  ORDER BY number DESC LIMIT 1`
const AFTER = `SELECT number, timestamp FROM blocks WHERE chain_id = ? AND number > ? AND number < ? AND timestamp > ?
  ORDER BY number LIMIT 1`

/** The closest observed blocks around a time, between two others: `low` is not after it, `high` is. */
export const narrowed = (
  database: Database,
  chainId: number,
  timestamp: number,
  { low, high }: { readonly low: Mark; readonly high: Mark },
): { readonly low: Mark; readonly high: Mark } => {
  const find = (sql: string, from: bigint, to: bigint): Mark | undefined =>
    markOf(database.$client.prepare(sql).get(chainId, Number(from), Number(to), timestamp) as Row | undefined)
  const before = find(BEFORE, low.number, high.number) ?? low
  return { low: before, high: find(AFTER, before.number, high.number) ?? high }
}

const OWNER = `SELECT e.owner FROM entries e JOIN deployments d ON d.id = e.deployment_id
  WHERE d.chain_id = ? AND d.protocol = ? AND d.deployment = ? AND e.kind = ? AND e.key = ?`

/** Whose a position is or was; undefined where the database has never had it. */
export const ownerOf = (database: Database, id: PositionId): Address | undefined => {
  const { chainId, protocol, deployment, market, account } = id
  const row = database.$client
    .prepare(OWNER)
    .get(chainId, protocol, deployment, KIND.position, `${market}:${account}`) as
    | { owner: Address }
    | undefined
  return row?.owner
}
