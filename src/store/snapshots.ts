import { and, asc, eq, gte, lte, or, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import { SNAPSHOT_CAUSES, type Snapshot, type SnapshotCause } from '../model/snapshot.ts'
import { wadToPpm } from '../units/format.ts'
import type { Database } from './database.ts'
import { subjects, snapshots as table } from './schema.ts'

const LIQUIDATABLE = 1

const prepareWrites = (database: Database) => {
  const place = sql.placeholder
  return {
    findSubject: database
      .select({ id: subjects.id })
      .from(subjects)
      .where(eq(subjects.position, place('position')))
      .prepare(),
    addSubject: database
      .insert(subjects)
      .values({ position: place('position'), chainId: place('chainId'), owner: place('owner') })
      .returning({ id: subjects.id })
      .prepare(),
    put: database
      .insert(table)
      .values({
        subjectId: place('subjectId'),
        blockNumber: place('blockNumber'),
        timestamp: place('timestamp'),
        cause: place('cause'),
        flags: place('flags'),
        healthPpm: place('healthPpm'),
        healthFactor: place('healthFactor'),
        collateralValue: place('collateralValue'),
        debtValue: place('debtValue'),
        reason: place('reason'),
      })
      .onConflictDoUpdate({
        target: [table.subjectId, table.blockNumber],
        set: {
          timestamp: sql`excluded.timestamp`,
          cause: sql`excluded.cause`,
          flags: sql`excluded.flags`,
          healthPpm: sql`excluded.health_ppm`,
          healthFactor: sql`excluded.health_factor`,
          collateralValue: sql`excluded.collateral_value`,
          debtValue: sql`excluded.debt_value`,
          reason: sql`excluded.reason`,
        },
      })
      .prepare(),
  }
}

const prepared = new WeakMap<Database, ReturnType<typeof prepareWrites>>()

const writesOf = (database: Database): ReturnType<typeof prepareWrites> => {
  const writes = prepared.get(database) ?? prepareWrites(database)
  prepared.set(database, writes)
  return writes
}

/** Writes snapshots; one of the same position and block is replaced. Runs inside the caller's transaction. */
export const writeSnapshots = (database: Database, chainId: number, snapshots: readonly Snapshot[]): void => {
  const { findSubject, addSubject, put } = writesOf(database)
  for (const { position, owner, ...snapshot } of snapshots) {
    const subject = findSubject.get({ position }) ?? addSubject.get({ position, chainId, owner })
    put.run({
      subjectId: subject.id,
      blockNumber: Number(snapshot.blockNumber),
      timestamp: snapshot.timestamp,
      cause: SNAPSHOT_CAUSES.indexOf(snapshot.cause),
      flags: snapshot.isLiquidatable ? LIQUIDATABLE : 0,
      healthPpm: snapshot.healthFactor === null ? null : Number(wadToPpm(snapshot.healthFactor)),
      healthFactor: snapshot.healthFactor,
      collateralValue: snapshot.collateralValue,
      debtValue: snapshot.debtValue,
      reason: snapshot.reason,
    })
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

/** The newest snapshot, up to a block, of every position of a chain that was not closed then. */
export const latestSnapshots = (
  database: Database,
  chainId: number,
  upTo: bigint | undefined,
): ReadonlyMap<string, Snapshot> => {
  const newest = database
    .select({
      subjectId: table.subjectId,
      blockNumber: sql<number>`max(${table.blockNumber})`.as('newest_block'),
    })
    .from(table)
    .where(upTo === undefined ? undefined : lte(table.blockNumber, Number(upTo)))
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
