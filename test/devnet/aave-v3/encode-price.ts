import type { Address } from 'viem'
import { lastPrice, workingAggregator } from '../feed-state.ts'
import { encodeNewPhase, encodeSubmit, type Feed, planAggregator } from '../feeds.ts'
import type { Transaction } from '../plan.ts'
import type { PriceAction } from './actions.ts'
import { type EncodeContext, type Encoders, feedOf, nextRound } from './encoder.ts'

const findAggregator = (context: EncodeContext, feed: Feed) =>
  workingAggregator(context.rpc, feed, Object.values(context.addresses.broken))

const report = async (
  context: EncodeContext,
  feed: Feed,
  aggregator: Address,
  price: bigint,
): Promise<Transaction> => {
  const round = await nextRound(context, aggregator)
  return { from: feed.owner, to: aggregator, data: encodeSubmit(round, price) }
}

const moveTo = (feed: Feed, aggregator: Address): Transaction[] =>
  encodeNewPhase(aggregator).map((data) => ({ from: feed.owner, to: feed.proxy, data }))

export const priceEncoders: Encoders<PriceAction['kind']> = {
  setPrice: async (context, { asset, price }) => {
    const feed = feedOf(context, asset)
    const { aggregator } = await findAggregator(context, feed)
    return [await report(context, feed, aggregator, price)]
  },
  breakFeed: async (context, { asset, how }) => {
    const feed = feedOf(context, asset)
    if (how === 'revert' || how === 'burn-gas') return moveTo(feed, context.addresses.broken[how])
    const { aggregator } = await findAggregator(context, feed)
    return [await report(context, feed, aggregator, how === 'zero' ? 0n : -1n)]
  },
  mendFeed: async (context, { asset }) => {
    const feed = feedOf(context, asset)
    const { aggregator, inUse } = await findAggregator(context, feed)
    const price = await lastPrice(context.rpc, aggregator)
    return [await report(context, feed, aggregator, price), ...(inUse ? [] : moveTo(feed, aggregator))]
  },
  replaceAggregator: async (context, { asset }) => {
    const feed = feedOf(context, asset)
    const price = await lastPrice(context.rpc, (await findAggregator(context, feed)).aggregator)
    const plan = context.freshPlan()
    const aggregator = planAggregator(plan, context.feedCodes, asset, feed.owner)
    context.rounds.set(aggregator, 0n)
    return [...plan.transactions, await report(context, feed, aggregator, price), ...moveTo(feed, aggregator)]
  },
}
