// What the comptroller's prices are of.
import type { Feed } from '../../model/feed.ts'
import { type CompoundMirror, marketOf, priceKeyOf } from './state.ts'

/** The oracle answers for the underlying of each cToken. */
export const feeds = (mirror: CompoundMirror): readonly Feed[] => {
  const market = marketOf(mirror)
  if (!market) return []
  const { quote, cTokens } = market
  return Object.values(cTokens).map(({ address, underlying: { asset, symbol } }) => ({
    key: priceKeyOf(address),
    ...{ asset, symbol, quote, source: null },
  }))
}
