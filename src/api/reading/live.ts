// What is in no book, read from the chain when somebody asks: together, once a block, and not too often.
import { QueryClient } from '@tanstack/query-core'
import type { Address } from 'viem'
import { createCatalogueStore } from '../../app/catalogue-store.ts'
import type { DaemonChain } from '../../app/face.ts'
import type { Log } from '../../app/log.ts'
import { type CallCache, createCallCache } from '../../chain/cache.ts'
import type { Chain } from '../../chain/chain.ts'
import { type ResolvedName, resolveName } from '../../chain/names.ts'
import { type BlockRef, blockRef } from '../../model/block.ts'
import { type LatestRound, latestRounds } from '../../monitor/feed-rounds.ts'
import { type OnDemand, readAccounts } from '../../monitor/on-demand.ts'
import { ProblemError } from '../problem.ts'
import type { RateLimit } from '../rate-limit.ts'

/** Answers are kept so long; then, or at another block, an account is read again. */
const KEPT_MS = 60_000

/** A read that takes longer is given up. */
const READ_MS_MAX = 30_000

/** A name to be looked up in a registry at one block; undefined: the head. */
type NameAsked = {
  readonly registry: Address
  readonly name: string
  readonly block: BlockRef | undefined
}

export type LiveReads = {
  /** An account at one block: the given one, else the head. Throws what the chain throws, and `ProblemError` where too many are asked for. */
  read(one: DaemonChain, account: Address, block: BlockRef | undefined): Promise<OnDemand>
  /** When feeds of a chain spoke last, at a block that was read; shared by all who ask. Throws as `read` does. */
  rounds(
    one: DaemonChain,
    feeds: readonly Address[],
    block: BlockRef,
  ): Promise<ReadonlyMap<Address, LatestRound>>
  /** What a name of ENS stands for. Throws as `read` does, and `NameError`. */
  name(one: DaemonChain, asked: NameAsked): Promise<ResolvedName>
  close(): void
}

const LIVE_REMEDY = 'Ask again later, or watch the account: watched ones are always read.'

const tooMany = (what: string, remedy: string, seconds: number): ProblemError =>
  new ProblemError('rate-limited', `too many ${what}`, {
    remedy,
    headers: { 'retry-after': String(seconds) },
  })

/** A chain whose reads give way to the daemon's own, and end with the signal. */
const aside = (chain: Chain, signal: AbortSignal): Chain => {
  const { logs, read } = chain.background(signal)
  return { ...chain, logs, read }
}

/** Calls that accounts share, such as the state of markets, are made once a block. */
const createCaches = (closed: AbortSignal) => {
  const caches = new Map<number, CallCache>()
  const cacheOf = (chain: Chain): CallCache => {
    const known = caches.get(chain.id)
    if (known) return known
    const cache = createCallCache(chain.id, async (block, calls) => {
      const signal = AbortSignal.any([closed, AbortSignal.timeout(READ_MS_MAX)])
      return (await aside(chain, signal).read(block, calls)).results
    })
    caches.set(chain.id, cache)
    return cache
  }
  const clear = (): void => {
    for (const cache of caches.values()) cache.clear()
  }
  return { cacheOf, clear }
}

export const createLiveReads = (limit: RateLimit, log: Log): LiveReads => {
  const closed = new AbortController()
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: 0, staleTime: KEPT_MS, gcTime: KEPT_MS, networkMode: 'always' },
    },
  })
  const { cacheOf, clear } = createCaches(closed.signal)
  const store = createCatalogueStore((reason) =>
    log.warn({ event: 'catalogue', error: reason }, 'what was found of markets could not be kept'),
  )
  const admit = (kind: string, what: string, remedy: string): void => {
    const seconds = limit.take(kind)
    if (seconds > 0) throw tooMany(what, remedy, seconds)
  }
  const readNow = async (
    { chain, state }: DaemonChain,
    account: Address,
    block: BlockRef | undefined,
  ): Promise<OnDemand> => {
    admit('live', 'accounts are being read from the chain', LIVE_REMEDY)
    const { wanted, monitorLimits, groups } = state.chainConfig
    const { readRoundsMax, reorgDepthMax } = monitorLimits
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(READ_MS_MAX)])
    const reader = { ...aside(chain, signal), readCached: cacheOf(chain).read }
    const catalogue = { store, reorgDepthMax, onProgress: () => undefined }
    const at = block ?? blockRef(await chain.head())
    return readAccounts(reader, at, wanted, [account], readRoundsMax, catalogue, groups)
  }
  const nameNow = async ({ chain }: DaemonChain, { registry, name, block }: NameAsked) => {
    admit('names', 'names are being looked up', 'Ask again later, or give the address itself.')
    return resolveName(cacheOf(chain).read, block ?? blockRef(await chain.head()), registry, name)
  }
  const roundsNow = (
    { chain }: DaemonChain,
    feeds: readonly Address[],
    block: BlockRef,
  ): Promise<ReadonlyMap<Address, LatestRound>> => {
    admit('feeds', 'markets are being looked at', 'Ask again later.')
    return latestRounds(cacheOf(chain).read, block, feeds)
  }
  return {
    name: (one, asked) =>
      client.fetchQuery({
        queryKey: ['name', one.chain.id, asked.name, asked.block?.hash ?? 'head'],
        queryFn: () => nameNow(one, asked),
        ...(asked.block ? {} : { staleTime: 0 }),
      }),
    rounds: (one, feeds, block) =>
      client.fetchQuery({
        queryKey: ['rounds', one.chain.id, block.hash, ...feeds],
        queryFn: () => roundsNow(one, feeds, block),
      }),
    read: (one, account, block) =>
      client.fetchQuery({
        queryKey: ['account', one.chain.id, account, block?.hash ?? 'head'],
        queryFn: () => readNow(one, account, block),
        ...(block ? {} : { staleTime: 0 }),
      }),
    close: () => {
      closed.abort()
      client.clear()
      clear()
    },
  }
}
