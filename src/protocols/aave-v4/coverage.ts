// How complete the book is.
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { Tally } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrued } from './hub-asset.ts'
import { fromRayUp } from './math.ts'
import { debtOf, debtRayOf } from './premium.ts'
import {
  type AaveV4Mirror,
  type AaveV4Position,
  hubAt,
  NOTHING,
  type Reserve,
  reservesOf,
  type SpokeMarket,
  spokeMarkets,
  tokenOf,
  type UserReserve,
  userReserves,
} from './state.ts'

const SUMMED = ['drawnShares', 'premiumShares', 'premiumOffsetRay'] as const

const sumName = (market: string, id: number, field: (typeof SUMMED)[number]): string =>
  `${market}:${id}:${field}`

/** A position's debts, summed by reserve as shares: they grow with one index. */
export const tallies = (position: AaveV4Position): readonly Tally[] =>
  userReserves(position).flatMap(([id, own]) =>
    SUMMED.map((field) => ({ name: sumName(position.id.market, id, field), amount: own[field] })),
  )

const trackedIn = ({ tallies: sums }: AaveV4Mirror, name: string, id: number): UserReserve => {
  const [drawnShares = 0n, premiumShares = 0n, premiumOffsetRay = 0n] = SUMMED.map((field) =>
    sums.get(sumName(name, id, field)),
  )
  return { ...NOTHING, drawnShares, premiumShares, premiumOffsetRay }
}

const ofReserve = (
  mirror: AaveV4Mirror,
  market: SpokeMarket,
  reserve: Reserve,
  timestamp: number,
): readonly Coverage[] => {
  const hub = hubAt(mirror, reserve.hub)
  const asset = hub?.assets[reserve.assetId]
  const data = market.spokeData[reserve.id]
  if (!asset || !data || data.drawnShares === 0n) return []
  const debts = unlessRefused(() => {
    const { drawnIndex } = accrued(asset, timestamp)
    const tracked = trackedIn(mirror, market.id.market, reserve.id)
    return {
      tracked: debtRayOf(debtOf(tracked, drawnIndex)),
      total: debtRayOf(debtOf({ ...NOTHING, ...data }, drawnIndex)),
    }
  })
  if ('kind' in debts) return []
  return [
    {
      market: formatMarketId(market.id),
      ...tokenOf(hub, reserve),
      trackedDebt: fromRayUp(debts.tracked),
      totalDebt: fromRayUp(debts.total),
      ppm: Number((debts.tracked * PPM) / debts.total),
    },
  ]
}

/** Σ tracked debt against what the spoke itself owes its hub, both accrued to the block, for every reserve that is borrowed. */
export const coverage = (mirror: AaveV4Mirror, block: BlockRef): readonly Coverage[] =>
  spokeMarkets(mirror)
    .filter(({ fault }) => !fault)
    .flatMap((market) =>
      reservesOf(market).flatMap((reserve) => ofReserve(mirror, market, reserve, block.timestamp)),
    )
