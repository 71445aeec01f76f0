// Snapshots of one position in pages, for who reads long histories.
import type { Address } from 'viem'
import { parsePositionId } from '../model/ids.ts'
import { SNAPSHOT_CAUSES, type Snapshot, type SnapshotCause } from '../model/snapshot.ts'
import type { Database } from './database.ts'
import { KIND } from './entries.ts'
import { preparedFor } from './statements.ts'
import { decodeU256 } from './u256.ts'

export type SnapshotSpan = {
  /** Chain time in seconds, both ends among them. */
  readonly since: number
  readonly until: number
  /** Only the last of each interval of so many seconds. */
  readonly everySeconds: number | undefined
  /** Begins behind this block. */
  readonly afterBlock: number | undefined
  readonly limit: number
}

const COLUMNS = `SELECT e.owner, s.block_number AS blockNumber, s.timestamp, s.cause, s.flags, s.health_factor AS healthFactor,
    s.collateral_value AS collateralValue, s.debt_value AS debtValue, s.reason`

const FROM = `FROM snapshots s JOIN entries e ON e.id = s.entry_id JOIN deployments d ON d.id = e.deployment_id
  WHERE d.chain_id = @chainId AND d.protocol = @protocol AND d.deployment = @deployment AND e.kind = ${KIND.position} AND e.key = @key
    AND s.timestamp >= @since AND s.timestamp <= @until AND s.block_number > @afterBlock`

const statementsOf = preparedFor({
  all: `${COLUMNS} ${FROM} ORDER BY s.block_number LIMIT @count`,
  /** Of rows with one interval, SQLite takes the others' columns from the one with the greatest block. */
  every: `${COLUMNS}, max(s.block_number) ${FROM} GROUP BY s.timestamp / CAST(@everySeconds AS INTEGER) ORDER BY s.block_number LIMIT @count`,
})

type Row = {
  readonly owner: string
  readonly blockNumber: number
  readonly timestamp: number
  readonly cause: number
  readonly flags: number
  readonly healthFactor: Buffer | null
  readonly collateralValue: Buffer | null
  readonly debtValue: Buffer | null
  readonly reason: string | null
}

const LIQUIDATABLE = 1

const u256Of = (stored: Buffer | null): bigint | null => (stored === null ? null : decodeU256(stored))

/** One page of a position's snapshots, oldest first; `next` is the block that the next page begins behind, undefined on the last one. */
export const snapshotPage = (
  database: Database,
  id: string,
  { since, until, everySeconds, afterBlock, limit }: SnapshotSpan,
): { readonly points: readonly Snapshot[]; readonly next: number | undefined } => {
  const { chainId, protocol, deployment, market, account } = parsePositionId(id)
  const { all, every } = statementsOf(database)
  const asked = {
    ...{ chainId, protocol, deployment, key: `${market}:${account}` },
    ...{ since, until, afterBlock: afterBlock ?? -1, count: limit + 1 },
  }
  const rows = (everySeconds === undefined ? all.all(asked) : every.all({ ...asked, everySeconds })) as Row[]
  const points = rows.slice(0, limit).map(
    (row): Snapshot => ({
      position: id,
      owner: row.owner as Address,
      blockNumber: BigInt(row.blockNumber),
      timestamp: row.timestamp,
      cause: SNAPSHOT_CAUSES[row.cause] as SnapshotCause,
      healthFactor: u256Of(row.healthFactor),
      collateralValue: u256Of(row.collateralValue),
      debtValue: u256Of(row.debtValue),
      isLiquidatable: row.healthFactor === null ? null : (row.flags & LIQUIDATABLE) !== 0,
      reason: row.reason,
    }),
  )
  return { points, next: rows.length > limit ? rows[limit - 1]?.blockNumber : undefined }
}
