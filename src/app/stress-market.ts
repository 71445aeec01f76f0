// What the store holds, ready to be stressed: deployments, assets, and which of these move together.
import type { BlockRef } from '../model/block.ts'
import { bookEnvOf } from '../monitor/assessing.ts'
import { groupAssets } from '../monitor/grouping.ts'
import { quotesOf } from '../monitor/quoting.ts'
import { registry } from '../protocols/registry.ts'
import type { Group } from '../risk/groups.ts'
import { createNames, type KnownAsset, type Names } from '../risk/scenario-moves.ts'
import type { StressBook } from '../risk/stress-book.ts'
import type { Database } from '../store/database.ts'
import { type StoredChain, storedChains } from '../store/views.ts'
import { loadWiring } from '../store/wiring.ts'
import type { ChainConfig } from './config/config.ts'

export type StoredMarket = {
  readonly blocks: readonly BlockRef[]
  readonly books: readonly StressBook[]
  readonly groups: readonly Group[]
  readonly assets: readonly KnownAsset[]
  readonly names: Names
}

/** One chain's deployments, and its groups: as configured, and by what oracles were found to rest on. */
const chainOf = (
  database: Database,
  configured: readonly Pick<ChainConfig, 'id' | 'groups'>[],
  { book: { chainId, tracked }, block }: StoredChain,
) => {
  const quotes = quotesOf(tracked)
  const books = tracked.map((one): StressBook => {
    const { adapter, mirror } = one
    return { adapter, mirror, env: bookEnvOf(one, block, quotes), feeds: adapter.feeds(mirror) }
  })
  const { groups } = groupAssets(
    tracked,
    books.flatMap(({ feeds }) => feeds),
    configured.find(({ id }) => id === chainId)?.groups ?? [],
    loadWiring(database, chainId),
  )
  return { books, groups }
}

/** All deployments of the store with the assets that their prices are of, and in. */
export const openStored = (
  database: Database,
  configured: readonly Pick<ChainConfig, 'id' | 'groups'>[],
): StoredMarket => {
  const stored = storedChains(database, registry)
  const chains = stored.map((chain) => chainOf(database, configured, chain))
  const [books, groups] = [chains.flatMap((chain) => chain.books), chains.flatMap((chain) => chain.groups)]
  const named = books
    .flatMap(({ feeds }) => feeds)
    .flatMap(({ asset, symbol, quote }): readonly KnownAsset[] => [
      { asset, symbol },
      ...(quote.asset ? [{ asset: quote.asset, symbol: quote.symbol }] : []),
    ])
  const assets = [...new Map(named.map((one) => [one.asset, one])).values()]
  return {
    blocks: stored.map(({ block }) => block),
    books,
    groups,
    assets,
    names: createNames(assets, groups),
  }
}

/** Assets that are meant to move. */
export const volatileIn = ({ groups, assets, names }: StoredMarket): readonly KnownAsset[] => {
  const moving = groups
    .filter(({ isStable }) => !isStable)
    .flatMap(({ name }) => names.namedOf(name)?.assets ?? [])
  const volatile = new Set(moving)
  return assets.filter(({ asset }) => volatile.has(asset))
}
