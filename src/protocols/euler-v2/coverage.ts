// How complete the book is.
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import { unlessRefused } from '../refusing.ts'
import { accrue, currentOwed } from './accrual.ts'
import { owedToAssetsDown, owedToAssetsUp } from './math.ts'
import { type EulerMirror, isReadVault, type ReadVault } from './state.ts'

/** What the tracked accounts of each vault owe, exact, at its accrued accumulator. */
const trackedOwed = (
  mirror: EulerMirror,
  accumulators: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, bigint> => {
  const sums = new Map<string, bigint>()
  for (const position of mirror.positions.values()) {
    const { market } = position.id
    const accumulator = accumulators.get(market)
    const owed = accumulator === undefined ? 0n : unlessRefused(() => currentOwed(position, accumulator))
    if (typeof owed === 'bigint') sums.set(market, (sums.get(market) ?? 0n) + owed)
  }
  return sums
}

/**
 * Σ owed by tracked accounts against the vault's total, both accrued to the block; in units of the asset, rounded up. Less
 * than one unit is what rounding leaves behind when the last debt is repaid.
 */
export const coverage = (mirror: EulerMirror, block: BlockRef): readonly Coverage[] => {
  const accrued = [...mirror.markets.values()].flatMap((market): readonly ReadVault[] => {
    const vault =
      market.fault || !isReadVault(market) ? undefined : unlessRefused(() => accrue(market, block.timestamp))
    return !vault || 'kind' in vault || owedToAssetsDown(vault.status.totalBorrows) === 0n ? [] : [vault]
  })
  const owed = trackedOwed(
    mirror,
    new Map(accrued.map(({ id, status }) => [id.market, status.interestAccumulator])),
  )
  return accrued.map(({ id, identity, status: { totalBorrows } }) => {
    const tracked = owed.get(id.market) ?? 0n
    return {
      market: formatMarketId(id),
      asset: identity.asset,
      ...identity.assetToken,
      trackedDebt: owedToAssetsUp(tracked),
      totalDebt: owedToAssetsUp(totalBorrows),
      ppm: Number((tracked * PPM) / totalBorrows),
    }
  })
}
