import { and, asc, eq, gte, lte, or, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import { SNAPSHOT_CAUSES, type Snapshot, type SnapshotCause } from '../model/snapshot.ts'
import { wadToPpm } from '../units/format.ts'
import type { Database } from './database.ts'
import { subjects, snapshots as table } from './schema.ts'

const LIQUIDATABLE = 1

const subjectId = (database: Database, chainId: number, snapshot: Snapshot): number => {
  const [known] = database
    .select({ id: subjects.id })
    .from(subjects)
    .where(eq(subjects.position, snapshot.position))
    .all()
  if (known) return known.id
  const [row] = database
    .insert(subjects)
    .values({ position: snapshot.position, chainId, owner: snapshot.owner })
    .returning({ id: subjects.id })
    .all()
  if (!row) throw new Error('the insert of a subject answered no row')
  return row.id
}

/** Writes snapshots; one of the same position and block is replaced. Runs inside the caller's transaction. */
export const writeSnapshots = (database: Database, chainId: number, snapshots: readonly Snapshot[]): void => {
  for (const snapshot of snapshots) {
    const row = {
      timestamp: snapshot.timestamp,
      cause: SNAPSHOT_CAUSES.indexOf(snapshot.cause),
      flags: snapshot.isLiquidatable ? LIQUIDATABLE : 0,
      healthPpm: snapshot.healthFactor === null ? null : Number(wadToPpm(snapshot.healthFactor)),
      healthFactor: snapshot.healthFactor,
      collateralValue: snapshot.collateralValue,
      debtValue: snapshot.debtValue,
      reason: snapshot.reason,
    }
    database
      .insert(table)
      .values({
        subjectId: subjectId(database, chainId, snapshot),
        blockNumber: Number(snapshot.blockNumber),
        ...row,
      })
      .onConflictDoUpdate({ target: [table.subjectId, table.blockNumber], set: row })
      .run()
  }
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

const columns = {
  subjectId: table.subjectId,
  blockNumber: table.blockNumber,
  timestamp: table.timestamp,
  cause: table.cause,
  flags: table.flags,
  healthPpm: table.healthPpm,
  healthFactor: table.healthFactor,
  collateralValue: table.collateralValue,
  debtValue: table.debtValue,
  reason: table.reason,
  position: subjects.position,
  owner: subjects.owner,
}

/** Snapshots of a position id or of all positions of an account, by position and block. Times are chain time in seconds. */
export const snapshotsOf = (
  database: Database,
  who: string,
  since: number,
  until: number,
): readonly Snapshot[] =>
  database
    .select(columns)
    .from(table)
    .innerJoin(subjects, eq(subjects.id, table.subjectId))
    .where(
      and(
        or(eq(subjects.position, who), eq(subjects.owner, who)),
        gte(table.timestamp, since),
        lte(table.timestamp, until),
      ),
    )
    .orderBy(asc(subjects.position), asc(table.blockNumber))
    .all()
    .map(snapshotOf)

/** The newest snapshot of every position of a chain that is not closed. */
export const latestSnapshots = (database: Database, chainId: number): ReadonlyMap<string, Snapshot> => {
  const newest = database
    .select({
      subjectId: table.subjectId,
      blockNumber: sql<number>`max(${table.blockNumber})`.as('newest_block'),
    })
    .from(table)
    .groupBy(table.subjectId)
    .as('newest')
  const rows = database
    .select(columns)
    .from(table)
    .innerJoin(newest, and(eq(newest.subjectId, table.subjectId), eq(newest.blockNumber, table.blockNumber)))
    .innerJoin(subjects, eq(subjects.id, table.subjectId))
    .where(eq(subjects.chainId, chainId))
    .all()
  return new Map(
    rows
      .map(snapshotOf)
      .filter(({ cause }) => cause !== 'closed')
      .map((snapshot) => [snapshot.position, snapshot]),
  )
}
