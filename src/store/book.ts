// What the database holds of one chain, in memory: cursor, mirrors, backlog.
import { and, desc, eq, gt } from 'drizzle-orm'
import type { Hash } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Adapter, Deployment, Key } from '../protocols/adapter.ts'
import { type Database, writing } from './database.ts'
import { emptyMirror, type MirrorBase } from './draft.ts'
import { loadState } from './load-state.ts'
import { blocks, chains, deployments, pending, type SearchScope } from './schema.ts'
import type { Written } from './state-writes.ts'
import { wordsOf } from './stored-words.ts'

/**
 * A search of the past: where it began, where it goes on, and where it ends. The search for borrowers finds markets too,
 * and ends at the block where following began; where only watched accounts are followed, the search for markets that no
 * view lists goes on with every head.
 */
export type Discovery = {
  readonly scope: SearchScope
  readonly fromBlock: bigint
  readonly nextBlock: bigint
  readonly targetBlock: bigint
}

/**
 * One followed deployment. `discovery` is undefined where nothing is to be searched for: only watched accounts are followed,
 * in markets that a view lists. `unlisted` says at which head, and why, markets could not be searched for.
 */
export type Tracked = {
  readonly id: number
  readonly adapter: Adapter
  readonly mirror: MirrorBase
  /** Parts of markets as last written, by their keys. */
  readonly parts: Map<string, Written>
  /** Prices as last written, by their keys. */
  readonly readings: Map<string, Written>
  /** Keys found by discovery and not yet read. */
  readonly pending: Set<Key>
  /** Keys whose read failed: tried again with every new head. */
  readonly retries: Set<Key>
  discovery: Discovery | undefined
  unlisted: Unlisted | undefined
}

export type Unlisted = { readonly hash: Hash; readonly detail: string }

/** True while borrowers are still being searched for. */
export const isDiscovering = ({ discovery }: Tracked): boolean =>
  discovery !== undefined && discovery.nextBlock <= discovery.targetBlock

/** Loans of deployments together. */
export const positionCount = (tracked: readonly Tracked[]): number =>
  tracked.reduce((sum, { mirror }) => sum + mirror.positions.size, 0)

/** Keys of deployments that are found and not yet read. */
export const pendingCount = (tracked: readonly Tracked[]): number =>
  tracked.reduce((sum, { pending }) => sum + pending.size, 0)

/** One chain as last committed. */
export type Book = {
  readonly chainId: number
  cursor: BlockRef | undefined
  readonly tracked: Tracked[]
}

const loadTracked = (database: Database, adapter: Adapter, deployment: Deployment): Tracked | undefined => {
  const [row] = database
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.chainId, deployment.chainId),
        eq(deployments.protocol, deployment.protocol),
        eq(deployments.deployment, deployment.deployment),
      ),
    )
    .all()
  if (!row) return undefined
  const { id } = row
  const mirror = emptyMirror(deployment, adapter, wordsOf(database))
  const { parts, readings } = loadState(database, id, mirror)
  const due = database.select().from(pending).where(eq(pending.deploymentId, id)).all()
  const keysOf = (isRetry: boolean): Set<Key> =>
    new Set(due.filter((row) => row.isRetry === isRetry).map(({ key }) => key))
  return {
    id,
    adapter,
    mirror,
    parts,
    readings,
    pending: keysOf(false),
    retries: keysOf(true),
    unlisted: undefined,
    discovery:
      row.fromBlock === null
        ? undefined
        : {
            scope: row.searchesFor,
            fromBlock: BigInt(row.fromBlock),
            nextBlock: BigInt(row.nextBlock),
            targetBlock: BigInt(row.targetBlock),
          },
  }
}

const loadCursor = (database: Database, chainId: number): BlockRef | undefined => {
  const [row] = database.select().from(chains).where(eq(chains.chainId, chainId)).all()
  return (
    row && { chainId, number: BigInt(row.blockNumber), hash: row.blockHash as Hash, timestamp: row.timestamp }
  )
}

/** Loads what the database has of these deployments of one chain, all of one block, whoever writes meanwhile. Deployments without a row are left out. */
export const loadBook = (
  database: Database,
  chainId: number,
  wanted: readonly { readonly adapter: Adapter; readonly deployment: Deployment }[],
): Book =>
  database.transaction(
    () => ({
      chainId,
      cursor: loadCursor(database, chainId),
      tracked: wanted.flatMap(({ adapter, deployment }) => loadTracked(database, adapter, deployment) ?? []),
    }),
    { behavior: 'deferred' },
  )

const columnsOf = (discovery: Discovery | undefined) => ({
  searchesFor: discovery?.scope ?? ('borrowers' as const),
  fromBlock: discovery ? Number(discovery.fromBlock) : null,
  nextBlock: Number(discovery?.nextBlock ?? 0n),
  targetBlock: Number(discovery?.targetBlock ?? 0n),
})

/** Begins to follow a deployment. */
export const startTracking = (
  database: Database,
  adapter: Adapter,
  deployment: Deployment,
  discovery: Discovery | undefined,
): Tracked => {
  const { chainId, protocol, deployment: name } = deployment
  const [row] = writing(database, () =>
    database
      .insert(deployments)
      .values({ chainId, protocol, deployment: name, ...columnsOf(discovery) })
      .returning({ id: deployments.id })
      .all(),
  )
  if (!row) throw new Error('the insert of a deployment answered no row')
  return {
    id: row.id,
    adapter,
    mirror: emptyMirror(deployment, adapter, wordsOf(database)),
    parts: new Map(),
    readings: new Map(),
    pending: new Set(),
    retries: new Set(),
    discovery,
    unlisted: undefined,
  }
}

/** Writes how far discovery is; memory follows with the caller's commit. */
export const writeDiscovery = (
  database: Database,
  { id }: Tracked,
  discovery: Discovery | undefined,
): void => {
  writing(database, () =>
    database.update(deployments).set(columnsOf(discovery)).where(eq(deployments.id, id)).run(),
  )
}

/** Heads of committed cycles, at most `depth` blocks below the newest, newest first. */
export const recentBlocks = (database: Database, chainId: number, depth: number): readonly BlockRef[] => {
  const ofChain = eq(blocks.chainId, chainId)
  const [newest] = database.select().from(blocks).where(ofChain).orderBy(desc(blocks.number)).limit(1).all()
  if (!newest) return []
  return database
    .select()
    .from(blocks)
    .where(and(ofChain, gt(blocks.number, newest.number - depth)))
    .orderBy(desc(blocks.number))
    .all()
    .map(({ number, hash, timestamp }) => ({
      chainId,
      number: BigInt(number),
      hash: hash as Hash,
      timestamp,
    }))
}
