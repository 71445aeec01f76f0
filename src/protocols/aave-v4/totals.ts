// What a spoke's users, or all spokes of a hub, have supplied and owe together.
import type { AssetTotals } from '../../model/totals.ts'
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { accrued, addedAssetsUp, toAddedAssetsDown } from './hub-asset.ts'
import { fromRayUp, rayMulUp } from './math.ts'
import { debtOf, debtRayOf } from './premium.ts'
import {
  type AaveV4Market,
  type HubAsset,
  type HubMarket,
  NOTHING,
  type Reserve,
  reservesOf,
  type SpokeMarket,
  short,
  tokenOf,
} from './state.ts'

type Owing = Pick<HubAsset, 'drawnShares' | 'premiumShares' | 'premiumOffsetRay'>

const owedUp = ({ drawnShares, premiumShares, premiumOffsetRay }: Owing, drawnIndex: bigint): bigint =>
  fromRayUp(debtRayOf(debtOf({ ...NOTHING, drawnShares, premiumShares, premiumOffsetRay }, drawnIndex)))

/** The usage of an accrued asset of the hub, whose spokes share its liquidity: drawn ÷ (liquidity + drawn + swept). */
const usageDown = ({ drawnShares, drawnIndex, liquidity, swept }: HubAsset): bigint => {
  const drawn = rayMulUp(drawnShares, drawnIndex)
  return drawn === 0n ? 0n : mulDivDown(drawn, WAD, liquidity + drawn + swept)
}

const ofReserve = (market: SpokeMarket, reserve: Reserve, env: Env): readonly AssetTotals[] => {
  const found = env.markets(reserve.hub) as AaveV4Market | undefined
  const hub = found?.kind === 'hub' ? found : undefined
  const stored = hub?.assets[reserve.assetId]
  const data = market.spokeData[reserve.id]
  if (!stored || !data) return []
  const amounts = unlessRefused(() => {
    const asset = accrued(stored, env.timestamp)
    return {
      supplied: toAddedAssetsDown(asset, data.addedShares),
      borrowed: owedUp(data, asset.drawnIndex),
      utilization: usageDown(asset),
    }
  })
  return 'kind' in amounts ? [] : [{ ...tokenOf(hub, reserve), ...amounts }]
}

const ofHub = ({ assets, symbols }: HubMarket, { timestamp }: Env): readonly AssetTotals[] =>
  Object.entries(assets).flatMap(([id, stored]) => {
    const { underlying, decimals } = stored
    const amounts = unlessRefused(() => {
      const asset = accrued(stored, timestamp)
      return {
        supplied: addedAssetsUp(asset),
        borrowed: owedUp(asset, asset.drawnIndex),
        utilization: usageDown(asset),
      }
    })
    const symbol = symbols[Number(id)] ?? short(underlying)
    return 'kind' in amounts ? [] : [{ asset: underlying, symbol, decimals, ...amounts }]
  })

/** What a spoke has added to its hubs and owes them; of a hub, what all its spokes have and owe. */
export const totals = (market: AaveV4Market, env: Env): readonly AssetTotals[] => {
  if (market.fault) return []
  return market.kind === 'hub'
    ? ofHub(market, env)
    : reservesOf(market).flatMap((reserve) => ofReserve(market, reserve, env))
}
