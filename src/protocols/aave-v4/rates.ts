// Rates of interest as a scenario raises them.
import type { Env } from '../adapter.ts'
import { accruedOrSame, changedParts, type RateRise, raisedBy, rayOf } from '../raising.ts'
import { accrued } from './hub-asset.ts'
import type { AaveV4Market } from './state.ts'

/**
 * The drawn rates of a hub's assets raised from `env.timestamp` on, to which they are accrued first, as the hub does before every change of
 * rates; what its strategy makes of later balances is as much higher. Suppliers own what is owed, and gain with it. A spoke has no rates.
 */
export const withRates = (market: AaveV4Market, rise: RateRise, { timestamp }: Env): AaveV4Market => {
  if (market.kind !== 'hub') return market
  const assets = changedParts(market.assets, (asset) => {
    const points = rayOf(rise(asset.underlying))
    if (points === 0n) return asset
    const now = accruedOrSame(asset, () => accrued(asset, timestamp))
    const { rateCurve, drawnRate } = now
    return {
      ...now,
      drawnRate: raisedBy(drawnRate, points),
      ...(rateCurve ? { rateCurve: { ...rateCurve, rise: (rateCurve.rise ?? 0n) + points } } : {}),
    }
  })
  return assets === market.assets ? market : { ...market, assets }
}
