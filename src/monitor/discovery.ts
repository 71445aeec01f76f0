// Finding borrowers, and markets that no view lists, from logs: once, in adaptive ranges, resumable at every step.
import type { Chain, LogQuery } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Log, Subscription } from '../model/evm.ts'
import type { Market } from '../model/market.ts'
import type { Adapter, Deployment, Key, Mirror } from '../protocols/adapter.ts'
import type { Discovery, Tracked } from '../store/book.ts'
import { commitDiscovery } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import { type Draft, draftOf, emptyMirror, type MirrorBase } from '../store/draft.ts'
import type { Fetched } from './ahead.ts'
import type { Span } from './reorg.ts'

/** How far the search of one deployment is. */
export type DiscoveryProgress = Discovery & {
  readonly protocol: string
  readonly deployment: string
  /** Keys that this span named, and keys that are to be read in all by now. */
  readonly foundCount: number
  readonly pendingCount: number
}

/** What a search reads logs of. Nothing where the contracts to ask are not known yet. */
export const searched = (
  adapter: Adapter,
  mirror: Mirror,
  scope: Discovery['scope'],
): readonly Subscription[] =>
  adapter
    .subscriptions(mirror)
    .filter(({ announces, discovers }) => announces || (discovers && scope === 'borrowers'))

/** Whether only logs list the markets of a deployment. */
export const isUnlisted = (adapter: Adapter, deployment: Deployment): boolean =>
  searched(adapter, emptyMirror(deployment, adapter), 'markets').length > 0

/** What a search found: keys to be read, markets that were announced, and the block up to which it came. */
export type Found = {
  readonly keys: ReadonlySet<Key>
  readonly markets: ReadonlyMap<string, Market>
  readonly toBlock: bigint
}

/** Markets of a draft that the mirror does not have: logs of the past tell that they are there, not how they are now. */
const announcedIn = (draft: Draft, mirror: MirrorBase): ReadonlyMap<string, Market> =>
  new Map(
    [...draft.markets.changes].flatMap(([key, market]) =>
      market && !mirror.markets.has(key) ? [[key, market] as const] : [],
    ),
  )

/** What a search asks of the blocks that are left to it; undefined where the contracts to ask are not known yet. */
export const queryOf = (
  adapter: Adapter,
  mirror: MirrorBase,
  scope: Discovery['scope'],
  fromBlock: bigint,
  toBlock: bigint,
): LogQuery | undefined => {
  const subscriptions = searched(adapter, mirror, scope)
  const addresses = [...new Set(subscriptions.flatMap((one) => one.addresses))]
  const topics = [...new Set(subscriptions.flatMap((one) => one.topics))]
  return addresses.length === 0 ? undefined : { addresses, topics, fromBlock, toBlock }
}

/** What logs of a span, whole, tell. */
const foundIn = (adapter: Adapter, mirror: MirrorBase, logs: readonly Log[], toBlock: bigint): Found => {
  const draft = draftOf(mirror)
  const keys = new Set<Key>()
  for (const log of logs) for (const key of draft.apply(adapter.reduce(draft.mirror, log))) keys.add(key)
  return { keys, markets: announcedIn(draft, mirror), toBlock }
}

/** Searches blocks from `fromBlock` to at most `lastBlock`: as many as may be asked for side by side. */
export const searchLogs = async (
  chain: Chain,
  adapter: Adapter,
  mirror: MirrorBase,
  scope: Discovery['scope'],
  fromBlock: bigint,
  lastBlock: bigint,
): Promise<Found> => {
  const last = fromBlock + chain.learnt().logRange * BigInt(chain.requestsInFlightMax) - 1n
  const toBlock = last < lastBlock ? last : lastBlock
  const query = queryOf(adapter, mirror, scope, fromBlock, toBlock)
  return foundIn(adapter, mirror, query ? await chain.logs(query) : [], toBlock)
}

/** Commits what the logs of the next span of a search tell. */
export const commitFound = (
  database: Database,
  tracked: Tracked,
  discovery: Discovery,
  { query, logs }: Fetched,
): DiscoveryProgress => {
  const { adapter, mirror } = tracked
  const found = foundIn(adapter, mirror, logs, query.toBlock)
  const after = { ...discovery, nextBlock: query.toBlock + 1n }
  commitDiscovery(database, tracked, found, after)
  const { protocol, deployment } = mirror.deployment
  return { protocol, deployment, ...after, foundCount: found.keys.size, pendingCount: tracked.pending.size }
}

/**
 * The search as it goes on after a cycle at `head`: to this head where following begins with it, or where markets are
 * searched for with every head; over again after a reorg that left no common block. Undefined where it stays as it is.
 */
export const searchAfter = (
  discovery: Discovery,
  mirror: Mirror,
  { isReorg, ancestor }: Span,
  head: Pick<BlockRef, 'number'>,
): Discovery | undefined => {
  const { scope, fromBlock, nextBlock, targetBlock } = discovery
  if (isReorg && !ancestor) return { ...discovery, nextBlock: fromBlock, targetBlock: head.number }
  if (scope === 'markets') {
    const orphanedFrom = isReorg && ancestor ? ancestor.number + 1n : nextBlock
    return {
      ...discovery,
      nextBlock: orphanedFrom < nextBlock ? orphanedFrom : nextBlock,
      targetBlock: head.number,
    }
  }
  const isBeginning = mirror.markets.size === 0 && nextBlock <= targetBlock
  return isBeginning ? { ...discovery, targetBlock: head.number } : undefined
}
