// What a branch demands, and whether it is open.
import type { Parameter } from '../../model/parameter.ts'
import { WAD } from '../../units/brands.ts'
import { parametersOf, WHOLE } from '../parameters.ts'
import { type BranchMarket, type LiquityMarket, priceKeyOf, type Setup } from './state.ts'

const ofSetup = ({ collateral }: BranchMarket, { contracts, parameters: set }: Setup) => {
  const { CCR, MCR, BCR, SCR, liquidationPenaltySP, liquidationPenaltyRedistribution } = set
  const owner = { asset: collateral.address, symbol: collateral.symbol }
  const { priceFeed } = contracts
  return [
    ...parametersOf(owner, {
      wad: {
        ...{ liquidationThreshold: (WAD * WAD) / MCR, maxLtv: (WAD * WAD) / MCR },
        ...{ minimumCollateralRatio: MCR, criticalCollateralRatio: CCR, batchCollateralRatio: BCR },
        shutdownCollateralRatio: SCR,
        ...{ liquidationPenalty: liquidationPenaltySP, liquidationPenaltyRedistribution },
      },
    }),
    ...parametersOf({ ...owner, prices: [priceKeyOf(priceFeed)] }, { address: { priceSource: priceFeed } }),
  ]
}

/** Ratios are collateral to debt; the threshold is the inverse of the least of them, cut. What all branches share has none. */
export const parameters = (market: LiquityMarket): readonly Parameter[] => {
  if (market.isShared) return []
  const { setup, pools } = market
  return [
    ...(setup ? ofSetup(market, setup) : []),
    ...(pools ? parametersOf(WHOLE, { flag: { isShutDown: pools.shutdownTime !== 0 } }) : []),
  ]
}

/** What the branch demanded before, and whether it was open. */
export const withParametersOf = (market: LiquityMarket, before: LiquityMarket): LiquityMarket => {
  if (market.isShared || before.isShared) return market
  return {
    ...market,
    ...(before.setup ? { setup: before.setup } : {}),
    ...(market.pools && before.pools
      ? { pools: { ...market.pools, shutdownTime: before.pools.shutdownTime } }
      : {}),
  }
}
