import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { marketOf, priceKeyOf, priceScaleOf, type VenusMirror } from './state.ts'

/** Prices of the underlying assets and of VAI: the oracle quotes in USD. */
export const usdPrices = (mirror: VenusMirror): ReadonlyMap<Address, UsdPrice> => {
  const market = marketOf(mirror)
  const prices = new Map<Address, UsdPrice>()
  if (!market) return prices
  const put = (key: Address, asset: Address, decimals: number, symbol: string): void => {
    const reading = mirror.prices.get(priceKeyOf(key))
    if (reading?.kind !== 'price' || reading.price === 0n) return
    prices.set(asset, { price: reading.price, scale: priceScaleOf(decimals), source: reading.source, symbol })
  }
  for (const { address, underlying } of Object.values(market.cTokens))
    put(address, underlying.asset, underlying.decimals, underlying.symbol)
  if (market.vai && 'token' in market.vai) put(market.vai.token, market.vai.token, 18, 'VAI')
  return prices
}
