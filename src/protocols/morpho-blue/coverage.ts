// How complete the book is.
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, readMarket } from './accrual.ts'
import { trackedShares } from './following.ts'
import { toAssetsUp } from './math.ts'
import type { Id, MorphoMirror } from './state.ts'

/** Σ tracked borrow shares against the market's own total, both in units of the loan token accrued to the block, for every market that was read and has debt. */
export const coverage = (mirror: MorphoMirror, block: BlockRef): readonly Coverage[] => {
  return [...mirror.markets].flatMap(([id, market]): readonly Coverage[] => {
    if (!market.reading || market.fault) return []
    const accrued = unlessRefused(() => accrue(readMarket(market), block.timestamp).market)
    if ('kind' in accrued) return []
    const { totals, loan } = accrued.reading
    if (totals.totalBorrowShares === 0n) return []
    const tracked = trackedShares(mirror, id as Id)
    const assets = (some: bigint): bigint =>
      toAssetsUp(some, totals.totalBorrowAssets, totals.totalBorrowShares)
    return [
      {
        market: formatMarketId(market.id),
        asset: market.params.loanToken,
        ...loan,
        trackedDebt: assets(tracked),
        totalDebt: assets(totals.totalBorrowShares),
        ppm: Number((tracked * PPM) / totals.totalBorrowShares),
      },
    ]
  })
}
