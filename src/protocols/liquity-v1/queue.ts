// The order in which redemptions take troves: SortedTroves from its last, which has the lowest ratio.
import { type Address, zeroAddress } from 'viem'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { sub } from './math.ts'
import {
  ACTIVE,
  faultOf,
  type LiquityMarket,
  PRICE_KEY,
  positionKey,
  type ReadMarket,
  readMarket,
  type Trove,
} from './state.ts'
import { currentRatioDown, entireAmounts } from './trove.ts'

/**
 * The list from its last trove upwards, as far as the links of the troves lead: all of it where the book is whole. The
 * nominal ratios that it is sorted by are those of when each trove was put in, so only the links tell the order.
 */
export const queueOf = (troves: Iterable<Trove>): readonly Trove[] => {
  const byOwner = new Map<Address, Trove>()
  let last: Trove | undefined
  for (const trove of troves) {
    byOwner.set(trove.owner, trove)
    if (trove.status === ACTIVE && trove.links?.next === zeroAddress) last = trove
  }
  const queue: Trove[] = []
  for (let trove = last; trove && queue.length < byOwner.size; ) {
    queue.push(trove)
    trove = trove.links ? byOwner.get(trove.links.prev) : undefined
  }
  return queue
}

/** The part of the queue that can be redeemed at a price: from the first trove at the minimum ratio on, whatever comes behind it. */
export const redeemable = (
  { system, parameters }: ReadMarket,
  queue: readonly Trove[],
  price: bigint,
): readonly Trove[] => {
  const first = queue.findIndex((trove) => currentRatioDown(trove, system, price) >= parameters.mcr)
  return first < 0 ? [] : queue.slice(first)
}

/** What a redemption takes of a trove that it closes: all debt but the gas compensation, which is burnt with it. */
export const netDebt = (trove: Trove, { system, parameters }: ReadMarket): bigint =>
  sub(entireAmounts(trove, system).debt, parameters.gasCompensation)

/**
 * Debt, in units of the debt token, that a redemption takes before it comes to each trove. Troves below the minimum ratio
 * are passed over: nothing is in front of them, nor are they in front of others.
 */
export const debtInFront = (
  market: LiquityMarket,
  troves: readonly Trove[],
  env: Env,
): ReadonlyMap<string, bigint> => {
  const price = env.prices(PRICE_KEY)
  if (faultOf(market) || price?.kind !== 'price') return new Map()
  const fronts = new Map<string, bigint>()
  const refused = unlessRefused(() => {
    const read = readMarket(market)
    const queue = queueOf(troves)
    const redeemed = new Set(redeemable(read, queue, price.price))
    let front = 0n
    for (const trove of queue) {
      fronts.set(positionKey(trove.owner), front)
      if (redeemed.has(trove)) front += netDebt(trove, read)
    }
  })
  return refused ? new Map() : fronts
}
