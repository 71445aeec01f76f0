// What governance sets of a Comet: its configuration, and what is paused.
import type { Parameter } from '../../model/parameter.ts'
import { WAD } from '../../units/brands.ts'
import { parametersOf, WHOLE } from '../parameters.ts'
import { pausesOf } from './movements.ts'
import { type AssetInfo, type CometMarket, type Configuration, type RateCurve, tokenOf } from './state.ts'

const ofAsset = (market: CometMarket, info: AssetInfo): readonly Parameter[] => {
  const { asset, priceFeed, borrowCollateralFactor, liquidateCollateralFactor, liquidationFactor } = info
  const { symbol, decimals } = tokenOf(market, asset)
  return parametersOf(
    { asset, symbol, decimals },
    {
      flag: { isListed: true },
      wad: {
        liquidationThreshold: liquidateCollateralFactor,
        maxLtv: borrowCollateralFactor,
        liquidationPenalty: WAD - liquidationFactor,
      },
      amount: { supplyCap: info.supplyCap },
      address: { priceSource: priceFeed },
    },
  )
}

const curveOf = (side: 'borrow' | 'supply', { kink, base, slopeLow, slopeHigh }: RateCurve) => ({
  [`${side}Kink`]: kink,
  [`${side}BaseRate`]: base,
  [`${side}Slope1`]: slopeLow,
  [`${side}Slope2`]: slopeHigh,
})

const ofConfiguration = (market: CometMarket, configuration: Configuration): readonly Parameter[] => {
  const { baseToken, baseTokenPriceFeed, supplyRate, borrowRate, storeFrontPriceFactor } = configuration
  const { symbol, decimals } = tokenOf(market, baseToken)
  return [
    ...parametersOf(
      { asset: baseToken, symbol, decimals },
      {
        address: { priceSource: baseTokenPriceFeed },
        wad: {
          ...curveOf('borrow', borrowRate),
          ...curveOf('supply', supplyRate),
          storeFrontPriceFactor,
        },
        amount: { borrowMin: configuration.baseBorrowMin, targetReserves: configuration.targetReserves },
      },
    ),
    ...configuration.assets.flatMap((info) => ofAsset(market, info)),
  ]
}

/** Rates are wads per second. A Comet that is not read yet has none. */
export const parameters = (market: CometMarket): readonly Parameter[] => [
  ...(market.configuration ? ofConfiguration(market, market.configuration) : []),
  ...(market.totals ? parametersOf(WHOLE, { flag: pausesOf(market.totals) }) : []),
]

/** The configuration and the pauses of before; totals stay. */
export const withParametersOf = (market: CometMarket, before: CometMarket): CometMarket => ({
  ...market,
  ...(before.configuration ? { configuration: before.configuration } : {}),
  ...(market.totals && before.totals
    ? { totals: { ...market.totals, pauseFlags: before.totals.pauseFlags } }
    : {}),
})
