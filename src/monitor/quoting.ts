// What quote assets are worth in US dollars, by the oracles already followed on the chain. For display and ranking only.
import type { Address } from 'viem'
import type { Quote } from '../model/market.ts'
import type { Adapter, Mirror, UsdPrice } from '../protocols/adapter.ts'

/** The USD price of a quote asset; null where nothing followed on the chain prices it. */
export type Quotes = (quote: Quote) => UsdPrice | null

const USD: UsdPrice = { price: 1n, scale: 1n, source: 'quote' }

/** Quotes by the deployments of one chain; where several price an asset, the first of them does. */
export const quotesOf = (
  deployments: readonly { readonly adapter: Adapter; readonly mirror: Mirror }[],
): Quotes => {
  const prices = new Map<Address, UsdPrice>()
  for (const { adapter, mirror } of deployments)
    for (const [asset, price] of adapter.usdPrices(mirror)) if (!prices.has(asset)) prices.set(asset, price)
  return ({ symbol, asset }) => (asset ? prices.get(asset) : symbol === 'USD' ? USD : undefined) ?? null
}
