// What the comptroller's prices are of.
import type { Feed } from '../../model/feed.ts'
import { boundedPriceKeyOf, marketOf, priceKeyOf, type VenusMirror } from './state.ts'

/** The oracle answers for the underlying of each vToken, and for VAI; the bounded one for both sides of a loan. */
export const feeds = (mirror: VenusMirror): readonly Feed[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const { quote, cTokens, boundedOracle, vai } = market
  const ofTokens = Object.values(cTokens).flatMap(({ address, underlying: { asset, symbol } }) => {
    const bounded = boundedOracle
      ? (['collateral', 'debt'] as const).map((side) => boundedPriceKeyOf(side, address))
      : []
    return [priceKeyOf(address), ...bounded].map((key) => ({ key, asset, symbol, quote, source: null }))
  })
  if (!vai || !('token' in vai)) return ofTokens
  const { token } = vai
  return [...ofTokens, { key: priceKeyOf(token), asset: token, symbol: 'VAI', quote, source: null }]
}
