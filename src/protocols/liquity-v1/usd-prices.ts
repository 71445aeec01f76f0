import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { type LiquityMirror, NATIVE, PRICE_KEY } from './state.ts'

/** The chain's own coin, which the feed quotes in US dollars. The debt token counts at face value, so nothing prices it. */
export const usdPrices = (mirror: LiquityMirror): ReadonlyMap<Address, UsdPrice> => {
  const reading = mirror.prices.get(PRICE_KEY)
  if (reading?.kind !== 'price' || reading.price === 0n) return new Map()
  const { price, scale, source } = reading
  return new Map([[NATIVE, { price, scale, source, symbol: 'ETH' }]])
}
