import { and, asc, eq, gte, inArray, lte, min, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import { formatDeploymentId } from '../model/ids.ts'
import { SNAPSHOT_CAUSES, type Snapshot, type SnapshotCause } from '../model/snapshot.ts'
import { healthPpm } from '../units/format.ts'
import { type Database, inTransaction } from './database.ts'
import { findEntry, KIND, openEntry } from './entries.ts'
import { deployments, entries, snapshots as table } from './schema.ts'
import { preparedFor } from './statements.ts'
import { encodeU256 } from './u256.ts'
import { entriesWrittenAbove, noteWrite } from './versions.ts'

const LIQUIDATABLE = 1

const INSERT = `INSERT INTO snapshots (entry_id, block_number, timestamp, cause, flags, health_ppm, health_factor, collateral_value, debt_value, reason)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (entry_id, block_number)`

const statementsOf = preparedFor({
  keep: `${INSERT} DO NOTHING`,
  replace: `${INSERT} DO UPDATE SET timestamp = excluded.timestamp, cause = excluded.cause, flags = excluded.flags,
    health_ppm = excluded.health_ppm, health_factor = excluded.health_factor, collateral_value = excluded.collateral_value,
    debt_value = excluded.debt_value, reason = excluded.reason`,
})

const storedU256 = (value: bigint | null): Buffer | null => (value === null ? null : encodeU256(value))

/** Length of `chainId:protocol:deployment:`, what stands before a position's key in its id. */
const prefixLength = (position: string): number => {
  const second = position.indexOf(':', position.indexOf(':') + 1)
  return position.indexOf(':', second + 1) + 1
}

/** Numbers of a chain's followed deployments, by `chainId:protocol:deployment:`. */
const deploymentIds = (database: Database, chainId: number): ReadonlyMap<string, number> =>
  new Map(
    database
      .select()
      .from(deployments)
      .where(eq(deployments.chainId, chainId))
      .all()
      .map((row) => [`${formatDeploymentId(row)}:`, row.id]),
  )

/** Numbers of entries that are known without asking the database, by what stands before a deployment's keys and by key. */
export type KnownEntries = ReadonlyMap<string, (key: string) => number | undefined>

const put = (
  database: Database,
  chainId: number,
  snapshots: readonly Snapshot[],
  where: 'keep' | 'replace',
  known: KnownEntries = new Map(),
): void => {
  if (snapshots.length === 0) return
  const write = statementsOf(database)[where]
  const ids = deploymentIds(database, chainId)
  for (const { position, owner, ...snapshot } of snapshots) {
    const length = prefixLength(position)
    const prefix = position.slice(0, length)
    const deploymentId = ids.get(prefix)
    if (deploymentId === undefined)
      throw new Error(`a snapshot of ${position}, whose deployment is not followed`)
    const key = position.slice(length)
    const entryId =
      known.get(prefix)?.(key) ??
      findEntry(database, deploymentId, KIND.position, key) ??
      openEntry(database, deploymentId, KIND.position, key, owner)
    const blockNumber = Number(snapshot.blockNumber)
    const { timestamp, cause, isLiquidatable, healthFactor, collateralValue, debtValue, reason } = snapshot
    write.run(
      entryId,
      blockNumber,
      timestamp,
      SNAPSHOT_CAUSES.indexOf(cause),
      isLiquidatable ? LIQUIDATABLE : 0,
      healthFactor === null ? null : healthPpm(healthFactor),
      storedU256(healthFactor),
      storedU256(collateralValue),
      storedU256(debtValue),
      reason,
    )
    noteWrite(database, chainId, blockNumber, entryId)
  }
}

/**
 * Writes snapshots of positions of followed deployments; one of the same position and block is replaced. Runs inside the
 * caller's transaction.
 */
export const writeSnapshots = (
  database: Database,
  chainId: number,
  snapshots: readonly Snapshot[],
  known?: KnownEntries,
): void => put(database, chainId, snapshots, 'replace', known)

/** The same where there is none of that position and block yet, in a transaction of its own. Throws `DatabaseFullError`. */
export const keepSnapshots = (database: Database, chainId: number, snapshots: readonly Snapshot[]): void => {
  inTransaction(database, () => put(database, chainId, snapshots, 'keep'))
}

type Row = typeof table.$inferSelect & { readonly position: string; readonly owner: string }

const snapshotOf = (row: Row): Snapshot => ({
  position: row.position,
  owner: row.owner as Address,
  blockNumber: BigInt(row.blockNumber),
  timestamp: row.timestamp,
  cause: SNAPSHOT_CAUSES[row.cause] as SnapshotCause,
  healthFactor: row.healthFactor,
  collateralValue: row.collateralValue,
  debtValue: row.debtValue,
  isLiquidatable: row.healthFactor === null ? null : (row.flags & LIQUIDATABLE) !== 0,
  reason: row.reason,
})

const position = sql<string>`${deployments.chainId} || ':' || ${deployments.protocol} || ':' || ${deployments.deployment} || ':' || ${entries.key}`

const columns = {
  entryId: table.entryId,
  blockNumber: table.blockNumber,
  timestamp: table.timestamp,
  cause: table.cause,
  flags: table.flags,
  healthPpm: table.healthPpm,
  healthFactor: table.healthFactor,
  collateralValue: table.collateralValue,
  debtValue: table.debtValue,
  reason: table.reason,
  position: position.as('position'),
  owner: sql<string>`${entries.owner}`.as('owner'),
}

const joined = (database: Database) =>
  database
    .select(columns)
    .from(table)
    .innerJoin(entries, eq(entries.id, table.entryId))
    .innerJoin(deployments, eq(deployments.id, entries.deploymentId))

/** Numbers of the entries of a position id, or of all positions of an account. */
const entryIdsOf = (database: Database, who: string): readonly number[] => {
  const length = prefixLength(who)
  const [chainId] = who.split(':')
  const deploymentId =
    length > 0 ? deploymentIds(database, Number(chainId)).get(who.slice(0, length)) : undefined
  return database
    .select({ id: entries.id })
    .from(entries)
    .where(
      length > 0
        ? and(
            eq(entries.deploymentId, deploymentId ?? -1),
            eq(entries.kind, KIND.position),
            eq(entries.key, who.slice(length)),
          )
        : eq(entries.owner, who),
    )
    .all()
    .map(({ id }) => id)
}

/** Snapshots of a position id or of all positions of an account, by position and block. Times are chain time in seconds. */
export const snapshotsOf = (
  database: Database,
  who: string,
  since: number,
  until: number,
): readonly Snapshot[] =>
  joined(database)
    .where(
      and(
        inArray(table.entryId, [...entryIdsOf(database, who)]),
        gte(table.timestamp, since),
        lte(table.timestamp, until),
      ),
    )
    .orderBy(sql`position`, asc(table.blockNumber))
    .all()
    .map(snapshotOf)

const newestUpTo = (upTo: number) =>
  sql`${table.blockNumber} = (SELECT max(s.block_number) FROM snapshots s WHERE s.entry_id = ${entries.id} AND s.block_number <= ${upTo})`

/**
 * What blocks above `keptUntil` wrote over: the newest snapshot up to it of every position that they touched; undefined
 * where there is none, or where it was closed.
 */
export const snapshotsBefore = (
  database: Database,
  chainId: number,
  keptUntil: bigint,
): ReadonlyMap<string, Snapshot | undefined> => {
  const above = Number(keptUntil)
  const before = new Map<string, Snapshot | undefined>()
  for (const id of entriesWrittenAbove(database, chainId, above)) {
    const [named] = database
      .select({ position: position.as('position') })
      .from(entries)
      .innerJoin(deployments, eq(deployments.id, entries.deploymentId))
      .where(and(eq(entries.id, id), eq(entries.kind, KIND.position)))
      .all()
    if (!named) continue
    const [row] = joined(database)
      .where(and(eq(table.entryId, id), newestUpTo(above)))
      .all()
    const snapshot = row && snapshotOf(row)
    before.set(named.position, snapshot?.cause === 'closed' ? undefined : snapshot)
  }
  return before
}

/** Positions of a chain that have snapshots within a span of seconds, lowest health first, and how many there are. */
export const lowestPositions = (
  database: Database,
  chainId: number,
  { since, until, limit }: { readonly since: number; readonly until: number; readonly limit: number },
): { readonly ids: readonly string[]; readonly count: number } => {
  const rows = database
    .select({ id: position.as('position'), lowest: min(table.healthPpm) })
    .from(table)
    .innerJoin(entries, eq(entries.id, table.entryId))
    .innerJoin(deployments, eq(deployments.id, entries.deploymentId))
    .where(and(eq(deployments.chainId, chainId), gte(table.timestamp, since), lte(table.timestamp, until)))
    .groupBy(table.entryId)
    .all()
  const healthOf = ({ lowest }: (typeof rows)[number]): number => lowest ?? 0
  const ordered = rows.sort((a, b) => healthOf(a) - healthOf(b))
  return { ids: ordered.slice(0, limit).map(({ id }) => id), count: rows.length }
}
