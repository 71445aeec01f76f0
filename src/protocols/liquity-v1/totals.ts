// What all troves hold and owe together.
import type { AssetTotals } from '../../model/totals.ts'
import { collateralAsset, debtAsset } from './amounts.ts'
import { faultOf, type LiquityMarket, readMarket } from './state.ts'
import { entireSystem } from './system.ts'

/** LiquityBase.getEntireSystemColl and getEntireSystemDebt. Nobody lends what is borrowed. */
export const totals = (market: LiquityMarket): readonly AssetTotals[] => {
  if (faultOf(market)) return []
  const read = readMarket(market)
  const { coll, debt } = entireSystem(read.system)
  return [
    { ...collateralAsset(read), supplied: coll, borrowed: null, utilization: null },
    { ...debtAsset(read), supplied: null, borrowed: debt, utilization: null },
  ]
}
