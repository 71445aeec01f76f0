// What the spokes' prices are of.
import type { Feed } from '../../model/feed.ts'
import { type AaveV4Mirror, hubAt, priceKeyOf, reservesOf, spokeMarkets, tokenOf } from './state.ts'

/** AaveOracle answers for each reserve of its spoke. */
export const feeds = (mirror: AaveV4Mirror): readonly Feed[] =>
  spokeMarkets(mirror).flatMap((market) =>
    reservesOf(market).map((reserve) => {
      const { asset, symbol } = tokenOf(hubAt(mirror, reserve.hub), reserve)
      return { key: priceKeyOf(market, reserve.id), asset, symbol, quote: market.quote, source: null }
    }),
  )
