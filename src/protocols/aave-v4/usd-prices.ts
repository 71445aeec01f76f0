// USD prices of the assets that the spokes' own oracles quote, for display and ranking only.
import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { type AaveV4Mirror, type HubMarket, priceKeyOf, reservesOf, spokeMarkets, tokenOf } from './state.ts'

/** AaveOracle's prices; of an asset that several spokes list, that of the first. */
export const usdPrices = (mirror: AaveV4Mirror): ReadonlyMap<Address, UsdPrice> => {
  const prices = new Map<Address, UsdPrice>()
  for (const market of spokeMarkets(mirror))
    for (const reserve of reservesOf(market)) {
      const { id, underlying, hub } = reserve
      const reading = mirror.prices.get(priceKeyOf(market, id))
      if (reading?.kind !== 'price' || prices.has(underlying)) continue
      const { price, scale, source } = reading
      const { symbol } = tokenOf(mirror.markets.get(hub) as HubMarket | undefined, reserve)
      prices.set(underlying, { price, scale, source, symbol })
    }
  return prices
}
