// What tokens are worth in USD by this Comet's own feeds: for display and ranking only.
import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { type CometMirror, marketOf, priceKeyOf, tokenOf } from './state.ts'

/** The base token and all collaterals, where the base feed says that it quotes in USD; nothing else elsewhere. */
export const usdPrices = (mirror: CometMirror): ReadonlyMap<Address, UsdPrice> => {
  const market = marketOf(mirror)
  const configuration = market?.configuration
  if (!configuration || market.quote.symbol !== 'USD' || market.quote.asset) return new Map()
  const { baseToken, baseTokenPriceFeed, assets } = configuration
  const tokens = [
    ...assets.map(({ asset, priceFeed }) => [asset, priceFeed] as const),
    [baseToken, baseTokenPriceFeed] as const,
  ]
  return new Map(
    tokens.flatMap(([token, feed]): readonly (readonly [Address, UsdPrice])[] => {
      const reading = mirror.prices.get(priceKeyOf(feed))
      if (reading?.kind !== 'price') return []
      const { price, scale, source } = reading
      return [[token, { price, scale, source, symbol: tokenOf(market, token).symbol }]]
    }),
  )
}
