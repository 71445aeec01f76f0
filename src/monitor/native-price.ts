// What the chain's own coin is worth, by the oracles already followed on it. For display and ranking only.
import { knownChain } from '../chain/viem-chain.ts'
import type { Adapter, Mirror, UsdPrice } from '../protocols/adapter.ts'

/** The price of the coin, or of what wraps it and is called by its symbol with a W before; null where nothing prices either. */
export const nativePriceOf = (
  deployments: readonly { readonly adapter: Adapter; readonly mirror: Mirror }[],
  chainId: number,
): UsdPrice | null => {
  const { nativeSymbol } = knownChain(chainId)
  const names = [nativeSymbol, `W${nativeSymbol}`]
  for (const { adapter, mirror } of deployments)
    for (const price of adapter.usdPrices(mirror).values())
      if (price.symbol !== undefined && names.includes(price.symbol)) return price
  return null
}
