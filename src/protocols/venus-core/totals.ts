import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { lentBy } from '../compound-v2/lent.ts'
import type { VenusMarket } from './state.ts'
import { blockOf } from './world.ts'

/** Of every listed market, by its underlying. No contract tells how much VAI is owed. */
export const totals = (market: VenusMarket, env: Env): readonly AssetTotals[] =>
  lentBy(Object.values(market.cTokens), blockOf(market, env))
