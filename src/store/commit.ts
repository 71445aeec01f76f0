// The one transaction of a cycle: cursor, state, backlog, history, alerts and notifications, together or not at all.
import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import type { Alert, Notification } from '../model/alert.ts'
import type { BlockRef } from '../model/block.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Market } from '../model/market.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Key } from '../protocols/adapter.ts'
import { removeAlerts, writeAlerts } from './alerts.ts'
import { type Discovery, type Tracked, writeDiscovery } from './book.ts'
import type { Database } from './database.ts'
import type { Draft } from './draft.ts'
import type { LayeredMap } from './layered-map.ts'
import { enqueue } from './outbox.ts'
import {
  auditMismatches,
  blocks,
  chains,
  liquidations,
  markets,
  pending,
  positions,
  prices,
  snapshots as snapshotsTable,
  subjects,
  touches,
} from './schema.ts'
import { writeSnapshots } from './snapshots.ts'

/** What one deployment gained in a cycle. */
export type DeploymentCommit = {
  readonly tracked: Tracked
  readonly draft: Draft
  /** Keys that this block touched or whose state was first read at it: read again if the block is orphaned. */
  readonly touched: readonly Key[]
  /** The whole backlog after this cycle. */
  readonly pending: ReadonlySet<Key>
  /** All keys to be tried again with the next head. */
  readonly retries: ReadonlySet<Key>
  /** The search for borrowers from now on, where this cycle began it or began it anew. */
  readonly discovery?: Discovery
}

export type Mismatch = { readonly position: string; readonly differences: readonly string[] }

/** Everything that one cycle writes. After a reorg, what blocks above `keptUntil` wrote is removed first. */
export type CycleCommit = {
  readonly head: BlockRef
  readonly keptUntil: bigint | undefined
  readonly deployments: readonly DeploymentCommit[]
  readonly snapshots: readonly Snapshot[]
  readonly liquidations: readonly Liquidation[]
  readonly mismatches: readonly Mismatch[]
  readonly alerts: readonly Alert[]
  readonly cancelledAlerts: readonly string[]
  readonly notifications: readonly Notification[]
  readonly reorgDepthMax: number
}

const removeOrphaned = (
  database: Database,
  chainId: number,
  above: number,
  deploymentIds: readonly number[],
): void => {
  database
    .delete(blocks)
    .where(and(eq(blocks.chainId, chainId), gt(blocks.number, above)))
    .run()
  database
    .delete(liquidations)
    .where(and(eq(liquidations.chainId, chainId), gt(liquidations.blockNumber, above)))
    .run()
  database
    .delete(touches)
    .where(and(inArray(touches.deploymentId, [...deploymentIds]), gt(touches.blockNumber, above)))
    .run()
  const ofChain = database.select({ id: subjects.id }).from(subjects).where(eq(subjects.chainId, chainId))
  database
    .delete(snapshotsTable)
    .where(and(inArray(snapshotsTable.subjectId, ofChain), gt(snapshotsTable.blockNumber, above)))
    .run()
}

type StateTable = typeof markets | typeof positions | typeof prices

const removeRow = (database: Database, table: StateTable, deploymentId: number, key: string): void => {
  database
    .delete(table)
    .where(and(eq(table.deploymentId, deploymentId), eq(table.key, key)))
    .run()
}

const eachChange = <V>(
  map: LayeredMap<string, V>,
  write: (key: string, value: V) => void,
  remove: (key: string) => void,
): void => {
  for (const [key, value] of map.changes) {
    if (value === undefined) remove(key)
    else write(key, value)
  }
}

const writeState = (database: Database, { tracked, draft }: DeploymentCommit, head: BlockRef): void => {
  const deploymentId = tracked.id
  const blockNumber = Number(head.number)
  eachChange(
    draft.markets,
    (key, state) =>
      database
        .insert(markets)
        .values({ deploymentId, key, state, blockNumber })
        .onConflictDoUpdate({ target: [markets.deploymentId, markets.key], set: { state, blockNumber } })
        .run(),
    (key) => removeRow(database, markets, deploymentId, key),
  )
  eachChange(
    draft.positions,
    (key, state) =>
      database
        .insert(positions)
        .values({ deploymentId, key, owner: state.owner, state, blockNumber })
        .onConflictDoUpdate({ target: [positions.deploymentId, positions.key], set: { state, blockNumber } })
        .run(),
    (key) => removeRow(database, positions, deploymentId, key),
  )
  eachChange(
    draft.prices,
    (key, reading) =>
      database
        .insert(prices)
        .values({ deploymentId, key, reading, blockNumber })
        .onConflictDoUpdate({ target: [prices.deploymentId, prices.key], set: { reading, blockNumber } })
        .run(),
    (key) => removeRow(database, prices, deploymentId, key),
  )
}

const writePending = (
  database: Database,
  deploymentId: number,
  before: ReadonlySet<Key>,
  after: ReadonlySet<Key>,
  isRetry: boolean,
): void => {
  const row = (key: Key) =>
    and(eq(pending.deploymentId, deploymentId), eq(pending.key, key), eq(pending.isRetry, isRetry))
  for (const key of before) if (!after.has(key)) database.delete(pending).where(row(key)).run()
  for (const key of after)
    if (!before.has(key))
      database.insert(pending).values({ deploymentId, key, isRetry }).onConflictDoNothing().run()
}

const replaceKeys = (target: Set<Key>, keys: ReadonlySet<Key>): void => {
  for (const key of target) if (!keys.has(key)) target.delete(key)
  for (const key of keys) target.add(key)
}

const writeKeys = (database: Database, commit: DeploymentCommit, head: BlockRef): void => {
  const { id, pending: backlogBefore, retries: retriesBefore } = commit.tracked
  const blockNumber = Number(head.number)
  for (const key of commit.touched)
    database.insert(touches).values({ deploymentId: id, blockNumber, key }).onConflictDoNothing().run()
  writePending(database, id, backlogBefore, commit.pending, false)
  writePending(database, id, retriesBefore, commit.retries, true)
  if (commit.discovery) writeDiscovery(database, commit.tracked, commit.discovery)
}

const writeCursor = (database: Database, head: BlockRef, reorgDepthMax: number): void => {
  const row = { blockNumber: Number(head.number), blockHash: head.hash, timestamp: head.timestamp }
  database
    .insert(chains)
    .values({ chainId: head.chainId, ...row })
    .onConflictDoUpdate({ target: chains.chainId, set: row })
    .run()
  database
    .insert(blocks)
    .values({ chainId: head.chainId, number: row.blockNumber, hash: head.hash, timestamp: head.timestamp })
    .onConflictDoUpdate({
      target: [blocks.chainId, blocks.number],
      set: { hash: head.hash, timestamp: head.timestamp },
    })
    .run()
  const oldest = row.blockNumber - reorgDepthMax
  database
    .delete(blocks)
    .where(and(eq(blocks.chainId, head.chainId), lte(blocks.number, oldest)))
    .run()
  database
    .delete(touches)
    .where(
      and(
        lte(touches.blockNumber, oldest),
        sql`${touches.deploymentId} IN (SELECT id FROM deployments WHERE chain_id = ${head.chainId})`,
      ),
    )
    .run()
}

/** Commits a cycle to the database and, once that is durable, to memory. */
export const commitCycle = (database: Database, commit: CycleCommit): void => {
  const { head, keptUntil } = commit
  database.transaction(
    () => {
      if (keptUntil !== undefined) {
        const ids = commit.deployments.map(({ tracked }) => tracked.id)
        removeOrphaned(database, head.chainId, Number(keptUntil), ids)
      }
      for (const deployment of commit.deployments) {
        writeState(database, deployment, head)
        writeKeys(database, deployment, head)
      }
      writeCursor(database, head, commit.reorgDepthMax)
      writeSnapshots(database, head.chainId, commit.snapshots)
      for (const liquidation of commit.liquidations)
        database
          .insert(liquidations)
          .values({ chainId: head.chainId, ...liquidation, blockNumber: Number(liquidation.blockNumber) })
          .onConflictDoNothing()
          .run()
      for (const { position, differences } of commit.mismatches)
        database
          .insert(auditMismatches)
          .values({
            chainId: head.chainId,
            blockNumber: Number(head.number),
            position,
            differences: differences.join('; '),
          })
          .run()
      removeAlerts(database, commit.cancelledAlerts)
      writeAlerts(database, head.chainId, commit.alerts)
      enqueue(database, commit.notifications)
    },
    { behavior: 'immediate' },
  )
  for (const { tracked, draft, pending: backlog, retries, discovery } of commit.deployments) {
    draft.merge()
    replaceKeys(tracked.pending, backlog)
    replaceKeys(tracked.retries, retries)
    if (discovery) tracked.discovery = discovery
  }
}

/** Commits a step of discovery: keys found in logs up to, but not including, the next block, and markets that these announced. */
export const commitDiscovery = (
  database: Database,
  tracked: Tracked,
  found: { readonly keys: ReadonlySet<Key>; readonly markets: ReadonlyMap<string, Market> },
  discovery: Discovery,
): void => {
  const deploymentId = tracked.id
  const blockNumber = Number(discovery.nextBlock - 1n)
  database.transaction(
    () => {
      for (const key of found.keys)
        database.insert(pending).values({ deploymentId, key, isRetry: false }).onConflictDoNothing().run()
      for (const [key, state] of found.markets)
        database.insert(markets).values({ deploymentId, key, state, blockNumber }).onConflictDoNothing().run()
      writeDiscovery(database, tracked, discovery)
    },
    { behavior: 'immediate' },
  )
  for (const key of found.keys) tracked.pending.add(key)
  for (const [key, market] of found.markets) tracked.mirror.markets.set(key, market)
  tracked.discovery = discovery
}

/** What alerting decided without a new block: an endpoint that is down. */
export type AlertCommit = Pick<CycleCommit, 'alerts' | 'cancelledAlerts' | 'notifications'>

/** Commits alerts and notifications that no block brought about. */
export const commitAlerts = (database: Database, chainId: number, commit: AlertCommit): void => {
  database.transaction(
    () => {
      removeAlerts(database, commit.cancelledAlerts)
      writeAlerts(database, chainId, commit.alerts)
      enqueue(database, commit.notifications)
    },
    { behavior: 'immediate' },
  )
}
