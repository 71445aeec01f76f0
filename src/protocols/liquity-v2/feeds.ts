// What the branches' prices are of.
import type { Feed } from '../../model/feed.ts'
import { knownBranches, type LiquityMirror, priceKeyOf, redemptionPriceKeyOf } from './state.ts'

/** Both prices of every branch's feed, for its collateral. */
export const feeds = (mirror: LiquityMirror): readonly Feed[] =>
  knownBranches(mirror).flatMap(({ setup, collateral, quote }) => {
    if (!setup) return []
    const { priceFeed: source } = setup.contracts
    const { address: asset, symbol } = collateral
    return [priceKeyOf(source), redemptionPriceKeyOf(source)].map((key) => ({
      ...{ key, asset, symbol, quote, source },
    }))
  })
