// What a vault's depositors have and its borrowers owe together.
import type { AssetTotals } from '../../model/totals.ts'
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, totalAssetsUp } from './accrual.ts'
import { owedToAssetsUp } from './math.ts'
import { type EulerMarket, isReadVault } from './state.ts'

/** Vault.totalAssets and totalBorrows; rates go by borrows ÷ (cash + borrows), which are the two. */
export const totals = (market: EulerMarket, { timestamp }: Env): readonly AssetTotals[] => {
  if (market.fault || !isReadVault(market)) return []
  const amounts = unlessRefused(() => {
    const { status } = accrue(market, timestamp)
    const [supplied, borrowed] = [totalAssetsUp(status), owedToAssetsUp(status.totalBorrows)]
    return { supplied, borrowed, utilization: borrowed === 0n ? 0n : mulDivDown(borrowed, WAD, supplied) }
  })
  const { asset, assetToken } = market.identity
  return 'kind' in amounts ? [] : [{ asset, ...assetToken, ...amounts }]
}
