// USD prices of the assets that a deployment's own oracle quotes, for display and ranking only.
import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { keys } from './keys.ts'
import { type AaveMirror, marketOf, reservesOf } from './state.ts'

/** AaveOracle's prices of all reserves, where its base currency is USD; none where it is something else or not known. */
export const usdPrices = (mirror: AaveMirror): ReadonlyMap<Address, UsdPrice> => {
  const market = marketOf(mirror)
  if (market?.quote.symbol !== 'USD' || market.faults.base) return new Map()
  return new Map(
    reservesOf(market).flatMap(({ asset, symbol }): [Address, UsdPrice][] => {
      const reading = mirror.prices.get(keys.price(asset))
      if (reading?.kind !== 'price') return []
      const { price, scale, source } = reading
      return [[asset, { price, scale, source, symbol }]]
    }),
  )
}
