// What prices become when assets gain or lose against the US dollar.
import type { Address } from 'viem'
import type { Feed } from '../model/feed.ts'
import type { PriceKey } from '../model/price.ts'
import { PPM } from '../units/brands.ts'

/** By how many ppm an asset's price in US dollars changes, from −1,000,000 on; undefined where it is not shocked. */
export type ShockOf = (asset: Address) => bigint | undefined

/** Feeds by the prices that they are of. */
export type FeedsByKey = ReadonlyMap<PriceKey, readonly Feed[]>

export const feedsByKey = (feeds: readonly Feed[]): FeedsByKey => {
  const byKey = new Map<PriceKey, Feed[]>()
  for (const feed of feeds) {
    const known = byKey.get(feed.key)
    if (known) known.push(feed)
    else byKey.set(feed.key, [feed])
  }
  return byKey
}

/** A factor as a fraction, both parts positive or the first 0. */
type Factor = readonly [numerator: bigint, denominator: bigint]

/** A quote that loses everything is left with one part in a million, so that there still is a price in it. */
const quoteFactorOf = (shock: bigint): bigint => (PPM + shock > 0n ? PPM + shock : 1n)

const factorOf = ({ asset, quote, isRate }: Feed, shockOf: ShockOf): Factor | undefined => {
  const own = shockOf(asset)
  // What a share stands for falls with what it is told in; only a shock of the share itself parts them.
  if (isRate && own === undefined) return undefined
  const other = quote.asset === undefined ? undefined : shockOf(quote.asset)
  if (own === undefined && other === undefined) return undefined
  const gained = PPM + (own ?? 0n)
  return [gained > 0n ? gained : 0n, quoteFactorOf(other ?? 0n)]
}

/**
 * What a price becomes when assets are shocked, for `withPrices`: times (1 + shock of the asset) ÷ (1 + shock of its quote), cut to an
 * integer, never below 0; undefined where nothing moves it. US dollars are a quote that nothing shocks. A price of several
 * assets moves with the first of them that is shocked. What a contract makes of a price of 0 is its own affair: most take it
 * for none, and the loan is then unassessable.
 */
export const shockedPrices =
  (feeds: FeedsByKey, shockOf: ShockOf) =>
  (key: PriceKey, price: bigint): bigint | undefined => {
    for (const feed of feeds.get(key) ?? []) {
      const factor = factorOf(feed, shockOf)
      if (factor) return (price * factor[0]) / factor[1]
    }
    return undefined
  }
