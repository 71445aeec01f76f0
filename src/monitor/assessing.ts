import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Position } from '../model/market.ts'
import type { Adapter, Env, Mirror } from '../protocols/adapter.ts'
import { withoutMarket } from '../protocols/assessing.ts'
import type { Discovery } from '../store/book.ts'
import { type Quotes, quotesOf } from './quoting.ts'

/** One deployment as it is to be assessed, and how far its search for borrowers is; without one the mirror holds some of them. */
export type Assessable = {
  readonly adapter: Adapter
  readonly mirror: Mirror
  readonly discovery?: Discovery | undefined
  readonly pending?: { readonly size: number }
}

/** True where every borrower is found and read. */
export const isWhole = ({ discovery, pending }: Assessable): boolean =>
  discovery?.scope === 'borrowers' && discovery.nextBlock > discovery.targetBlock && pending?.size === 0

/** Positions of a market. */
export type PositionsIn = (market: string) => readonly Position[]

/** What is queued before each position of a market, worked out when it is first asked for. */
const queuesOf = (assessable: Assessable, env: Env, positionsIn: PositionsIn): Env['debtInFront'] => {
  const { adapter, mirror } = assessable
  const { redemptions } = adapter
  if (!redemptions || !isWhole(assessable)) return env.debtInFront
  const queues = new Map<string, ReadonlyMap<string, bigint>>()
  const queueOf = (name: string): ReadonlyMap<string, bigint> => {
    const market = mirror.markets.get(name)
    return market ? redemptions.debtInFront(market, positionsIn(name), env) : new Map()
  }
  return ({ id: { market, account } }) => {
    const queue = queues.get(market) ?? queueOf(market)
    queues.set(market, queue)
    return queue.get(`${market}:${account}`) ?? null
  }
}

/** What assessments of a mirror rest on at one block: its own prices and markets, the block's time. */
export const envOf = (mirror: Mirror, block: BlockRef, quotes: Quotes): Env => ({
  block,
  timestamp: block.timestamp,
  prices: (key) => mirror.prices.get(key),
  markets: (name) => mirror.markets.get(name),
  debtInFront: () => null,
  quotes,
})

/** The same, with what is queued before each position where the book is whole; whoever has its positions at hand gives them. */
export const bookEnvOf = (
  assessable: Assessable,
  block: BlockRef,
  quotes: Quotes,
  positionsIn: PositionsIn = (name) =>
    [...assessable.mirror.positions.values()].filter(({ id }) => id.market === name),
): Env => {
  const env = envOf(assessable.mirror, block, quotes)
  return { ...env, debtInFront: queuesOf(assessable, env, positionsIn) }
}

/** The health of one position of a mirror. A position whose market is not there is unassessable. */
export const assessOne = ({ adapter, mirror }: Assessable, position: Position, env: Env): Assessment => {
  const market = mirror.markets.get(position.id.market)
  return market ? adapter.assess(market, position, env) : withoutMarket(position, env.block)
}

/** The health of every position of a chain's deployments, exact, one after the other. */
export function* assessEach(deployments: readonly Assessable[], block: BlockRef): Iterable<Assessment> {
  const quotes = quotesOf(deployments)
  for (const one of deployments) {
    const env = bookEnvOf(one, block, quotes)
    for (const position of one.mirror.positions.values()) yield assessOne(one, position, env)
  }
}

/** The same at once. */
export const assessAll = (deployments: readonly Assessable[], block: BlockRef): readonly Assessment[] => [
  ...assessEach(deployments, block),
]
