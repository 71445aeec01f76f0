// What an owner may set of a system: nothing in Liquity itself, some constants in Sovryn Zero.
import type { Parameter } from '../../model/parameter.ts'
import { WAD } from '../../units/brands.ts'
import { parametersOf, WHOLE } from '../parameters.ts'
import { type LiquityMarket, NATIVE } from './state.ts'

/** Ratios are collateral to debt; the threshold is the inverse of the least of them, cut. */
export const parameters = ({ wiring, parameters: read }: LiquityMarket): readonly Parameter[] => [
  ...parametersOf({ asset: NATIVE, prices: 'all' }, { address: { priceSource: wiring.priceFeed } }),
  ...(read
    ? [
        ...parametersOf(
          { asset: NATIVE },
          { wad: { liquidationThreshold: (WAD * WAD) / read.mcr, maxLtv: (WAD * WAD) / read.mcr } },
        ),
        ...parametersOf(
          { ...WHOLE, decimals: 18 },
          {
            wad: {
              ...{ minimumCollateralRatio: read.mcr, criticalCollateralRatio: read.ccr },
              ...{ borrowingFeeFloor: read.borrowingFeeFloor, borrowingFeeMax: read.borrowingFeeMax },
              redemptionFeeFloor: read.redemptionFeeFloor,
            },
            amount: { borrowMin: read.minNetDebt, gasCompensation: read.gasCompensation },
            count: { percentDivisor: read.percentDivisor },
          },
        ),
      ]
    : []),
]

/** The constants and the price feed of before; the books stay. */
export const withParametersOf = (market: LiquityMarket, before: LiquityMarket): LiquityMarket => ({
  ...market,
  wiring: before.wiring,
  ...(before.parameters ? { parameters: before.parameters } : {}),
})
