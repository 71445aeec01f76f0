// What the system's one price is of.
import type { Feed } from '../../model/feed.ts'
import { collateralAsset } from './amounts.ts'
import { type LiquityMirror, marketOf, PRICE_KEY } from './state.ts'

/** The chain's own coin. */
export const feeds = (mirror: LiquityMirror): readonly Feed[] => {
  const market = marketOf(mirror)
  if (!market?.traits) return []
  const { asset, symbol } = collateralAsset({ traits: market.traits })
  return [{ key: PRICE_KEY, asset, symbol, quote: market.quote, source: market.wiring.priceFeed }]
}
