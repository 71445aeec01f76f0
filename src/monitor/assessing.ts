import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatMarketId } from '../model/ids.ts'
import type { Position } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import type { Adapter, Env, Mirror } from '../protocols/adapter.ts'
import { unassessable } from '../protocols/assessing.ts'
import { type Quotes, quotesOf } from './quoting.ts'

/** One deployment as it is to be assessed. */
export type Assessable = { readonly adapter: Adapter; readonly mirror: Mirror }

/** What assessments of a mirror rest on at one block: its own prices, the block's time. */
export const envOf = (mirror: Mirror, block: BlockRef, quotes: Quotes): Env => ({
  block,
  timestamp: block.timestamp,
  prices: (key) => mirror.prices.get(key),
  quotes,
})

/** The health of one position of a mirror. A position whose market is not there is unassessable. */
export const assessOne = ({ adapter, mirror }: Assessable, position: Position, env: Env): Assessment => {
  const market = mirror.markets.get(position.id.market)
  if (market) return adapter.assess(market, position, env)
  return unassessable(subjectOf(position, env.block), {
    reason: 'not-yet-read',
    detail: `market ${formatMarketId(position.id)} is still to be read`,
  })
}

/** The health of every position of a chain's deployments, exact. */
export const assessAll = (deployments: readonly Assessable[], block: BlockRef): readonly Assessment[] => {
  const quotes = quotesOf(deployments)
  return deployments.flatMap((one) => {
    const env = envOf(one.mirror, block, quotes)
    return [...one.mirror.positions.values()].map((position) => assessOne(one, position, env))
  })
}
