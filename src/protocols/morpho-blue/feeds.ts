// What oracles of markets, and of pre-liquidation contracts, tell: the collateral in the loan token.
import type { Feed } from '../../model/feed.ts'
import { short } from './reads/params.ts'
import { type MorphoMarket, type MorphoMirror, priceKeyOf } from './state.ts'

const feedsOf = ({ params, reading, quote, preLiquidations }: MorphoMarket): readonly Feed[] => {
  const { oracle, collateralToken: asset } = params
  const oracles = new Set([oracle, ...Object.values(preLiquidations).map((one) => one.oracle)])
  const symbol = reading?.collateral.symbol ?? short(asset)
  return [...oracles].map((source) => ({ key: priceKeyOf(source), asset, symbol, quote, source }))
}

/** The price of every market; the loan token counts as one, so nothing prices it. */
export const feeds = (mirror: MorphoMirror): readonly Feed[] => {
  const all = [...mirror.markets.values()].flatMap(feedsOf)
  return [...new Map(all.map((feed) => [`${feed.key} ${feed.asset} ${feed.quote.asset}`, feed])).values()]
}
