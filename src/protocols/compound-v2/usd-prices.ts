import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { type CompoundMirror, marketOf, priceKeyOf, priceScaleOf } from './state.ts'

/** Prices of the underlying assets where the comptroller's oracle quotes in USD. */
export const usdPrices = (mirror: CompoundMirror): ReadonlyMap<Address, UsdPrice> => {
  const market = marketOf(mirror)
  const prices = new Map<Address, UsdPrice>()
  if (market?.quote.symbol !== 'USD') return prices
  for (const cToken of Object.values(market.cTokens)) {
    const reading = mirror.prices.get(priceKeyOf(cToken.address))
    if (reading?.kind !== 'price' || reading.price === 0n) continue
    const { price, source } = reading
    const { asset, symbol } = cToken.underlying
    prices.set(asset, { price, scale: priceScaleOf(cToken), source, symbol })
  }
  return prices
}
