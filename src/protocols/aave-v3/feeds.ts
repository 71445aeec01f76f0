// What the pool's prices are of.
import { zeroAddress } from 'viem'
import type { Feed } from '../../model/feed.ts'
import { decodeConfiguration } from './configuration.ts'
import { keys } from './keys.ts'
import { type AaveMirror, marketOf, reservesOf } from './state.ts'

/** Every reserve's price, and, where a category has a source of its own (until 3.1), that price for each of its members. */
export const feeds = (mirror: AaveMirror): readonly Feed[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const { quote, eModes } = market
  return reservesOf(market).flatMap(({ asset, symbol, priceFeed, configuration }) => {
    const common = { asset, symbol, quote }
    const category = eModes[decodeConfiguration(configuration).eMode]
    const own = { key: keys.price(asset), ...common, source: priceFeed ?? null }
    if (!category || category.priceSource === zeroAddress) return [own]
    return [own, { key: keys.price(category.priceSource), ...common, source: null }]
  })
}
