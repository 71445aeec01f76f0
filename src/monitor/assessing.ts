import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import type { Position } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import type { Adapter, Env, Mirror } from '../protocols/adapter.ts'
import { unassessable } from '../protocols/assessing.ts'

/** What assessments of a mirror rest on at one block: its own prices, the block's time. */
export const envOf = (mirror: Mirror, block: BlockRef): Env => ({
  block,
  timestamp: block.timestamp,
  prices: (key) => mirror.prices.get(key),
  quotes: (quote) => (quote.symbol === 'USD' ? { price: 1n, scale: 1n, source: 'quote' } : null),
})

/** The health of one position of a mirror. A position whose market is not there is unassessable. */
export const assessOne = (adapter: Adapter, mirror: Mirror, position: Position, env: Env): Assessment => {
  const market = mirror.markets.get(position.id.market)
  if (market) return adapter.assess(market, position, env)
  return unassessable(subjectOf(position, env.block), {
    reason: 'not-yet-read',
    detail: `market ${formatMarketId(position.id)} is still to be read`,
  })
}

/** The health of every position of a mirror, exact. */
export const assessAll = (adapter: Adapter, mirror: Mirror, block: BlockRef): readonly Assessment[] => {
  const env = envOf(mirror, block)
  return [...mirror.positions.values()].map((position) => assessOne(adapter, mirror, position, env))
}
