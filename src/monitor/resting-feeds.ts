import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { askedPrices } from '../risk/asked-prices.ts'
import type { Tracked } from '../store/book.ts'
import { envOf } from './assessing.ts'
import type { Attention } from './attention.ts'
import { quotesOf } from './quoting.ts'
import type { Wiring } from './wiring.ts'

/** A feed that watched loans rest on: the assets whose prices come from it, and the loans' owners. */
export type RestingFeed = {
  readonly feed: Address
  readonly description: string | null
  readonly assets: readonly { readonly asset: Address; readonly symbol: string }[]
  readonly owners: readonly Address[]
}

type Resting = {
  readonly description: string | null
  readonly assets: Map<Address, string>
  readonly owners: Set<Address>
}

/** Owners of watched loans by the prices that these ask for, in one deployment. */
const ownersByPrice = (
  { adapter, mirror }: Tracked,
  attention: Attention,
  block: BlockRef,
  quotes: ReturnType<typeof quotesOf>,
): ReadonlyMap<string, ReadonlySet<Address>> => {
  const env = envOf(mirror, block, quotes)
  const owners = new Map<string, Set<Address>>()
  for (const key of attention.watchedKeys()) {
    const position = mirror.positions.get(key)
    const market = position && mirror.markets.get(position.id.market)
    if (!market) continue
    for (const price of askedPrices({ adapter, market, position, env }))
      owners.set(price, (owners.get(price) ?? new Set()).add(position.owner))
  }
  return owners
}

/**
 * The feeds that watched loans of a chain rest on, as far as it is known what their oracles rest on; what a share is worth
 * in something else is no feed's word.
 */
export const restingFeeds = (
  tracked: readonly Tracked[],
  attentions: ReadonlyMap<Tracked, Attention>,
  block: BlockRef,
  wiring: Wiring,
): readonly RestingFeed[] => {
  const quotes = quotesOf(tracked)
  const found = new Map<Address, Resting>()
  for (const one of tracked) {
    const attention = attentions.get(one)
    if (!attention) continue
    const owners = ownersByPrice(one, attention, block, quotes)
    if (owners.size === 0) continue
    for (const { key, asset, symbol, source, isRate } of one.adapter.feeds(one.mirror)) {
      const own = owners.get(key)
      if (!own || !source || isRate) continue
      for (const { feed, description } of wiring.get(source) ?? []) {
        const resting = found.get(feed) ?? { description, assets: new Map(), owners: new Set() }
        resting.assets.set(asset, symbol)
        for (const owner of own) resting.owners.add(owner)
        found.set(feed, resting)
      }
    }
  }
  return [...found].map(([feed, { description, assets, owners }]) => ({
    feed,
    description,
    assets: [...assets].map(([asset, symbol]) => ({ asset, symbol })),
    owners: [...owners],
  }))
}
