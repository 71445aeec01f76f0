import type { AssetTotals } from '../../model/totals.ts'
import type { Env } from '../adapter.ts'
import { lentBy } from './lent.ts'
import { slotOf } from './slot.ts'
import type { CompoundMarket } from './state.ts'

/** Of every listed market, by its underlying. */
export const totals = (market: CompoundMarket, env: Env): readonly AssetTotals[] =>
  lentBy(Object.values(market.cTokens), slotOf(market, env))
