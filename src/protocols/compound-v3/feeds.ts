// What a Comet's prices are of.
import type { Feed } from '../../model/feed.ts'
import { type CometMirror, marketOf, priceKeyOf, tokenOf } from './state.ts'

/** The feeds of the base token and of every collateral; tokens may share one. */
export const feeds = (mirror: CometMirror): readonly Feed[] => {
  const market = marketOf(mirror)
  if (!market?.configuration) return []
  const { baseToken, baseTokenPriceFeed, assets } = market.configuration
  return [{ asset: baseToken, priceFeed: baseTokenPriceFeed }, ...assets].map(({ asset, priceFeed }) => ({
    key: priceKeyOf(priceFeed),
    asset,
    symbol: tokenOf(market, asset).symbol,
    quote: market.quote,
    source: priceFeed,
  }))
}
