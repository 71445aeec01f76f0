// What a market's lenders have and its borrowers owe together.
import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, readMarket } from './accrual.ts'
import { wDivDown } from './math.ts'
import type { MorphoMarket } from './state.ts'

/** totalSupplyAssets and totalBorrowAssets of the loan token, and utilisation as the rate models count it. Morpho does not add collateral up. */
export const totals = (market: MorphoMarket, { timestamp }: Env): readonly AssetTotals[] => {
  if (market.fault) return []
  const accrued = unlessRefused(() => accrue(readMarket(market), timestamp).market.reading)
  if ('kind' in accrued) return []
  const { loan, totals: sums } = accrued
  const { totalSupplyAssets: supplied, totalBorrowAssets: borrowed } = sums
  const utilization = supplied > 0n ? wDivDown(borrowed, supplied) : 0n
  return [{ asset: market.params.loanToken, ...loan, supplied, borrowed, utilization }]
}
