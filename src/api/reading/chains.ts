// What is known of the daemon's chains: at which block, how old, and whether that is out of date.
import { randomBytes } from 'node:crypto'
import { stalenessOf } from '../../app/chain-states.ts'
import type { DaemonChain } from '../../app/face.ts'
import { type BlockRef, blockRef } from '../../model/block.ts'
import { isDiscovering } from '../../store/book.ts'
import type { Database } from '../../store/database.ts'
import { bookVersion } from './book-version.ts'
import { createHealthIndex, type HealthIndex } from './health-index.ts'
import { steadily } from './steady.ts'

/** A block of a list and how far what is said of it can be relied on. `isComplete`: every borrower is found and read. */
export type KnownBlock = BlockRef & {
  readonly isComplete: boolean
  readonly ageSeconds: number
  readonly stale: boolean
}

/** What every answer says of itself: `block` is the first of `blocks`; the age is that of the oldest; `unread` are chains of which nothing is known yet. */
export type AsOf = {
  readonly block: BlockRef | null
  readonly blocks: readonly KnownBlock[]
  readonly ageSeconds: number | null
  readonly stale: boolean
  readonly unread: readonly { readonly chainId: number; readonly reason: string }[]
}

const isAnswering = ({ chain }: DaemonChain): boolean =>
  chain.endpoints().some(({ state }) => state === 'healthy')

/** Why what is known of a chain is out of date; undefined where it is not. */
export const staleness = (one: DaemonChain, nowMs: number): string | undefined =>
  stalenessOf(one.state, isAnswering(one), nowMs)

const knownBlock = (one: DaemonChain, nowMs: number): KnownBlock | undefined => {
  const book = one.state.follower?.book
  if (!book?.cursor) return undefined
  return {
    ...book.cursor,
    isComplete: book.tracked.every((tracked) => !isDiscovering(tracked) && tracked.pending.size === 0),
    ageSeconds: ageSeconds(book.cursor, nowMs),
    stale: staleness(one, nowMs) !== undefined,
  }
}

/** How long ago a block was, by its own time. */
export const ageSeconds = ({ timestamp }: BlockRef, nowMs: number): number =>
  Math.max(0, Math.floor(nowMs / 1_000) - timestamp)

/** What an answer over some chains says of itself. */
export const asOf = (chains: readonly DaemonChain[], nowMs: number): AsOf => {
  const known = chains.map((one) => ({ one, block: knownBlock(one, nowMs) }))
  const blocks = known.flatMap(({ block }) => block ?? [])
  const unread = known.flatMap(({ one, block }) =>
    block ? [] : [{ chainId: one.chain.id, reason: staleness(one, nowMs) ?? '' }],
  )
  const [first] = blocks
  return {
    block: first ? blockRef(first) : null,
    blocks,
    ageSeconds: blocks.length === 0 ? null : Math.max(...blocks.map((block) => block.ageSeconds)),
    stale: unread.length > 0 || blocks.some(({ stale }) => stale),
    unread,
  }
}

/** The same a while later. */
export const aged = <T extends AsOf>(known: T, nowMs: number): T => {
  const blocks = known.blocks.map((block) => ({ ...block, ageSeconds: ageSeconds(block, nowMs) }))
  const oldest = blocks.length === 0 ? null : Math.max(...blocks.map((block) => block.ageSeconds))
  return { ...known, blocks, ageSeconds: oldest }
}

/** The same of blocks of these chains that an answer is of instead; of chains without one nothing is known yet. */
export const asOfBlocks = (known: AsOf, instead: readonly BlockRef[], nowMs: number): AsOf => {
  const refs = new Map(instead.map((block) => [block.chainId, block]))
  const blocks = known.blocks.flatMap((block) => {
    const own = refs.get(block.chainId)
    return own ? [{ ...block, ...blockRef(own) }] : []
  })
  const without = known.blocks.filter(({ chainId }) => !refs.has(chainId))
  const unread = [
    ...known.unread,
    ...without.map(({ chainId }) => ({ chainId, reason: 'its loans have not been looked at yet' })),
  ]
  const [first] = blocks
  const stale = known.stale || without.length > 0
  return aged({ ...known, blocks, unread, stale, block: first ? blockRef(first) : null }, nowMs)
}

export type Chains = {
  /** Changes with the books of some chains, and where these become out of date or are no longer. */
  bookVersionOf(chains: readonly DaemonChain[]): string
  /** Changes with every commit to the database, and where some chains become out of date or are no longer; never the same in another process. */
  versionOf(chains: readonly DaemonChain[]): string
  /** The index of each chain that has been read, all of one version of the book. */
  indexes(chains: readonly DaemonChain[]): Promise<readonly HealthIndex[]>
}

/** What is worked out of the chains, once for each version of the book. `database` is a connection of its own, for reading. */
export const createChains = (database: Database, nowMs: () => number): Chains => {
  const storeVersion = (): number => database.$client.pragma('data_version', { simple: true }) as number
  const process = randomBytes(4).toString('hex')
  const hashOf = ({ state }: DaemonChain): string => state.follower?.book.cursor?.hash.slice(2, 14) ?? 'none'
  const marked = (versionOf: (one: DaemonChain) => string, some: readonly DaemonChain[]): string[] => {
    const now = nowMs()
    return some.map((one) => `${versionOf(one)}${staleness(one, now) === undefined ? '' : '!'}`)
  }
  const known = new Map<
    DaemonChain,
    { readonly version: string; readonly index: Promise<HealthIndex | undefined> }
  >()
  const indexOf = (one: DaemonChain): Promise<HealthIndex | undefined> => {
    const { follower } = one.state
    if (!follower) return Promise.resolve(undefined)
    const versionNow = (): string => bookVersion(one)
    const version = versionNow()
    const before = known.get(one)
    if (before?.version === version) return before.index
    const index = steadily(versionNow, (pause) => createHealthIndex(follower, pause))
    index.catch(() => known.delete(one))
    known.set(one, { version, index })
    return index
  }
  return {
    bookVersionOf: (chains) => marked(bookVersion, chains).join('.'),
    versionOf: (chains) => [process, ...marked(hashOf, chains), storeVersion()].join('.'),
    indexes: async (chains) => {
      const found = await Promise.all(chains.map(indexOf))
      return found.filter((index) => index !== undefined)
    },
  }
}
