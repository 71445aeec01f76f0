// What a Comet's accounts have and owe together.
import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, readMarket, totalBorrowDown, totalSupplyDown, utilizationDown } from './accrual.ts'
import { type CometMarket, tokenOf } from './state.ts'

/** Comet.totalSupply, totalBorrow and getUtilization of the base token, then totalsCollateral of every collateral. */
export const totals = (market: CometMarket, { timestamp }: Env): readonly AssetTotals[] => {
  if (market.fault) return []
  const accrued = unlessRefused(() => accrue(readMarket(market), timestamp))
  if ('kind' in accrued) return []
  const { baseToken, assets } = accrued.configuration
  return [
    {
      ...{ asset: baseToken, ...tokenOf(market, baseToken) },
      ...{ supplied: totalSupplyDown(accrued), borrowed: totalBorrowDown(accrued) },
      utilization: utilizationDown(accrued.totals),
    },
    ...assets.map(({ asset }) => ({
      ...{ asset, ...tokenOf(market, asset) },
      ...{ supplied: market.totalsCollateral[asset] ?? null, borrowed: null, utilization: null },
    })),
  ]
}
