// What collaterals are worth in USD by the branches' own feeds: for display and ranking only.
import type { Address } from 'viem'
import type { UsdPrice } from '../adapter.ts'
import { knownBranches, type LiquityMirror, priceKeyOf } from './state.ts'

/** Every collateral; the stablecoin itself has no oracle. */
export const usdPrices = (mirror: LiquityMirror): ReadonlyMap<Address, UsdPrice> =>
  new Map(
    knownBranches(mirror).flatMap(({ setup, collateral }): readonly (readonly [Address, UsdPrice])[] => {
      const reading = setup && mirror.prices.get(priceKeyOf(setup.contracts.priceFeed))
      if (reading?.kind !== 'price') return []
      const { price, scale, source } = reading
      return [[collateral.address, { price, scale, source, symbol: collateral.symbol }]]
    }),
  )
