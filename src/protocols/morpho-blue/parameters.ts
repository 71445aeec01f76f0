// What a market is for ever, and the fee that Morpho's owner sets.
import type { Parameter } from '../../model/parameter.ts'
import { parametersOf } from '../parameters.ts'
import type { MorphoMarket } from './state.ts'

/** The fee is a share of interest, and all that may change. */
export const parameters = ({ params, reading }: MorphoMarket): readonly Parameter[] => [
  ...parametersOf(
    { asset: params.collateralToken, ...(reading ? { symbol: reading.collateral.symbol } : {}) },
    {
      wad: { liquidationThreshold: params.lltv, maxLtv: params.lltv },
      address: { priceSource: params.oracle },
    },
  ),
  ...parametersOf(
    { asset: params.loanToken, ...(reading ? { symbol: reading.loan.symbol } : {}) },
    {
      wad: { reserveFactor: reading?.totals.fee },
      address: { rateModel: params.irm },
    },
  ),
]

/** The fee of before. */
export const withParametersOf = (market: MorphoMarket, { reading: before }: MorphoMarket): MorphoMarket => {
  const { reading } = market
  if (!reading || !before) return market
  const totals = { ...reading.totals, fee: before.totals.fee }
  return { ...market, reading: { ...reading, totals } }
}
