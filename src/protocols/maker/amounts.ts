// Amounts as they are told: collateral in the Vat's wads, DAI in wads with the exact rad as value.
import type { AssetAmount } from '../../model/liquidation.ts'
import { radToWadUp } from './math.ts'
import type { IlkMarket } from './state.ts'

/** Collateral in the Vat is counted in wads, whatever the decimals of its token. */
export const GEM_DECIMALS = 18
/** The Vat's own DAI: a rad is a wad of it times a ray. */
export const DAI = { symbol: 'DAI', decimals: 18 } as const

/** A rad of DAI: the amount in wads, rounded up; the value to the unit. */
export const daiAmount = ({ modules }: Pick<IlkMarket, 'modules'>, rad: bigint): AssetAmount => ({
  asset: modules.dai,
  ...DAI,
  amount: radToWadUp(rad),
  value: rad,
})

/** A wad of collateral, worth `price` (a ray of DAI) for each unit. */
export const gemAmount = ({ gem }: Pick<IlkMarket, 'gem'>, wad: bigint, price: bigint): AssetAmount => ({
  ...gem,
  decimals: GEM_DECIMALS,
  amount: wad,
  value: wad * price,
})
