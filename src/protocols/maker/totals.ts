// What all urns of an ilk owe together.
import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { rateAfterDrip } from './accrual.ts'
import { DAI } from './amounts.ts'
import { radToWadUp } from './math.ts'
import { type MakerMarket, SYSTEM } from './state.ts'

/** Art with interest as the Jug would add it now, in wads of DAI, rounded up. The Vat does not add collateral up. */
export const totals = (market: MakerMarket, env: Env): readonly AssetTotals[] => {
  if (market.isShared || market.fault || !market.vat || !market.jug) return []
  const { vat, jug, modules } = market
  const system = env.markets(SYSTEM) as MakerMarket | undefined
  const base = (system?.isShared ? system.system?.base : undefined) ?? 0n
  const borrowed = unlessRefused(() =>
    radToWadUp(vat.Art * rateAfterDrip(jug, base, vat.rate, env.timestamp)),
  )
  if (typeof borrowed !== 'bigint') return []
  return [{ asset: modules.dai, ...DAI, supplied: null, borrowed, utilization: null }]
}
