// What all troves of a branch hold and owe together.
import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { branchColl, branchDebt, readBranch } from './accrual.ts'
import type { LiquityMarket, Token } from './state.ts'

const named = ({ address, symbol, decimals }: Token) => ({ asset: address, symbol, decimals })

/** LiquityBase.getEntireBranchColl and getEntireBranchDebt. Nobody lends what is borrowed. */
export const totals = (market: LiquityMarket, { timestamp }: Env): readonly AssetTotals[] => {
  if (market.isShared) return []
  const amounts = unlessRefused(() => {
    const branch = readBranch(market)
    return { coll: branchColl(branch), debt: branchDebt(branch, timestamp) }
  })
  if ('kind' in amounts) return []
  const { collateral, bold } = market
  return [
    { ...named(collateral), supplied: amounts.coll, borrowed: null, utilization: null },
    { ...named(bold), supplied: null, borrowed: amounts.debt, utilization: null },
  ]
}
