// The one transaction of a cycle: cursor, state, backlog, history, alerts and notifications, together or not at all.
import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import type { Alert, Notification } from '../model/alert.ts'
import type { BlockRef } from '../model/block.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Market } from '../model/market.ts'
import type { Decision, Notice } from '../model/notice.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Key } from '../protocols/adapter.ts'
import { removeAlerts, writeAlerts } from './alerts.ts'
import { type Discovery, type Tracked, writeDiscovery } from './book.ts'
import { type Database, inTransaction } from './database.ts'
import { writeDecisions } from './decisions.ts'
import { type Draft, draftOf } from './draft.ts'
import { type AssetName, writeAssetNames, writeMarketNames } from './names.ts'
import { writeNotices } from './notices.ts'
import { enqueue } from './outbox.ts'
import { removeParameterChanges, writeParameterChanges } from './parameter-changes.ts'
import { addPending, removePending } from './pending.ts'
import { auditMismatches, blocks, chains, liquidations, touches } from './schema.ts'
import { type KnownEntries, writeSnapshots } from './snapshots.ts'
import { writeState } from './state-writes.ts'
import { saveWords } from './stored-words.ts'
import { noteTouches } from './touches.ts'
import { forgetWrites, removeWrites } from './versions.ts'

/** What one deployment gained in a cycle. */
export type DeploymentCommit = {
  readonly tracked: Tracked
  readonly draft: Draft
  /** Keys that this block touched or whose state was first read at it: read again if the block is orphaned. */
  readonly touched: readonly Key[]
  /** Keys that leave the backlog with this cycle. */
  readonly settled: ReadonlySet<Key>
  /** All keys to be tried again with the next head. */
  readonly retries: ReadonlySet<Key>
  /** The search for borrowers from now on, where this cycle began it or began it anew. */
  readonly discovery?: Discovery
}

export type Mismatch = { readonly position: string; readonly differences: readonly string[] }

/** Everything that one cycle writes. After a reorg, what blocks above `keptUntil` wrote is removed first. */
export type CycleCommit = {
  readonly head: BlockRef & { readonly baseFeeWei: bigint | null }
  readonly keptUntil: bigint | undefined
  readonly deployments: readonly DeploymentCommit[]
  readonly snapshots: readonly Snapshot[]
  /** Names of assets of loans that were assessed. */
  readonly assets?: ReadonlyMap<string, AssetName>
  readonly liquidations: readonly Liquidation[]
  readonly parameterChanges: readonly ParameterChange[]
  readonly mismatches: readonly Mismatch[]
  readonly alerts: readonly Alert[]
  readonly cancelledAlerts: readonly string[]
  readonly notifications: readonly Notification[]
  readonly notices: readonly Notice[]
  readonly decisions: readonly Decision[]
  readonly reorgDepthMax: number
}

/** Removes what orphaned blocks wrote; answers the entries whose newest versions are gone. */
const removeOrphaned = (
  database: Database,
  chainId: number,
  above: number,
  deploymentIds: readonly number[],
): ReadonlySet<number> => {
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
  removeParameterChanges(database, chainId, BigInt(above))
  return removeWrites(database, chainId, above)
}

const replaceKeys = (target: Set<Key>, keys: ReadonlySet<Key>): void => {
  for (const key of target) if (!keys.has(key)) target.delete(key)
  for (const key of keys) target.add(key)
}

const writeKeys = (database: Database, commit: DeploymentCommit, head: BlockRef): void => {
  const { id, retries: retriesBefore } = commit.tracked
  const { retries } = commit
  noteTouches(database, id, Number(head.number), commit.touched)
  removePending(database, id, 'backlog', commit.settled)
  removePending(
    database,
    id,
    'retry',
    [...retriesBefore].filter((key) => !retries.has(key)),
  )
  addPending(
    database,
    id,
    'retry',
    [...retries].filter((key) => !retriesBefore.has(key)),
  )
  if (commit.discovery) writeDiscovery(database, commit.tracked, commit.discovery)
}

const writeCursor = (database: Database, head: CycleCommit['head'], reorgDepthMax: number): void => {
  const { hash: blockHash, timestamp, baseFeeWei } = head
  const row = { blockNumber: Number(head.number), blockHash, timestamp, baseFeeWei }
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
  forgetWrites(database, head.chainId, oldest)
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

/** What alerting decided. */
export type AlertCommit = Pick<
  CycleCommit,
  'alerts' | 'cancelledAlerts' | 'notifications' | 'notices' | 'decisions'
>

const writeAlerting = (database: Database, chainId: number, commit: AlertCommit): void => {
  removeAlerts(database, commit.cancelledAlerts)
  writeAlerts(database, chainId, commit.alerts)
  enqueue(database, commit.notifications)
  writeNotices(database, commit.notices)
  writeDecisions(database, commit.decisions)
}

/** Entries of the positions that the mirrors have. */
const knownEntries = (deployments: readonly DeploymentCommit[]): KnownEntries =>
  new Map(
    deployments.map(({ tracked: { mirror } }) => [
      `${formatDeploymentId(mirror.deployment)}:`,
      (key) => mirror.positions.entryIdOf(key) || undefined,
    ]),
  )

/** Commits a cycle to the database and, once that is durable, to memory. Throws `DatabaseFullError`; then neither has changed. */
export const commitCycle = (database: Database, commit: CycleCommit): void => {
  const { head, keptUntil } = commit
  const accepts: (() => void)[] = []
  inTransaction(database, () => {
    const ids = commit.deployments.map(({ tracked }) => tracked.id)
    const orphaned =
      keptUntil === undefined
        ? new Set<number>()
        : removeOrphaned(database, head.chainId, Number(keptUntil), ids)
    for (const deployment of commit.deployments) {
      const { tracked, draft } = deployment
      accepts.push(writeMarketNames(database, tracked, draft.markets.changes))
      accepts.push(writeState(database, tracked, draft, head, orphaned))
      writeKeys(database, deployment, head)
    }
    accepts.push(saveWords(database))
    writeCursor(database, head, commit.reorgDepthMax)
    writeSnapshots(database, head.chainId, commit.snapshots, knownEntries(commit.deployments))
    if (commit.assets) accepts.push(writeAssetNames(database, head.chainId, commit.assets))
    for (const liquidation of commit.liquidations)
      database
        .insert(liquidations)
        .values({
          ...liquidation,
          ...{ chainId: head.chainId, seenAt: head.timestamp },
          blockNumber: Number(liquidation.blockNumber),
        })
        .onConflictDoNothing()
        .run()
    writeParameterChanges(database, commit.parameterChanges)
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
    writeAlerting(database, head.chainId, commit)
  })
  for (const accept of accepts) accept()
  for (const { tracked, settled, retries, discovery } of commit.deployments) {
    for (const key of settled) tracked.pending.delete(key)
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
  const { chainId } = tracked.mirror.deployment
  const draft = draftOf(tracked.mirror)
  for (const [key, market] of found.markets) draft.markets.set(key, market)
  const at = { chainId, number: discovery.nextBlock - 1n }
  const accepts: (() => void)[] = []
  inTransaction(database, () => {
    addPending(database, tracked.id, 'backlog', found.keys)
    accepts.push(writeState(database, tracked, draft, at, new Set()), saveWords(database))
    writeDiscovery(database, tracked, discovery)
  })
  for (const accept of accepts) accept()
  for (const key of found.keys) tracked.pending.add(key)
  tracked.discovery = discovery
}

/** Commits alerts, and what is told of them, that no block brought about: an endpoint that is down, a repetition. */
export const commitAlerts = (database: Database, chainId: number, commit: AlertCommit): void => {
  inTransaction(database, () => writeAlerting(database, chainId, commit))
}
