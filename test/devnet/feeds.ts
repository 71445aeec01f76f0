import { type Address, encodeFunctionData, type Hex } from 'viem'
import { aggregatorAbi, feedAbi } from './aave-v3/abis.ts'
import { chainlinkCreationCodes } from './chainlink.ts'
import type { Plan } from './plan.ts'

/** A Chainlink feed in dollars with 8 decimals: the proxy that contracts read, and the aggregator that emits logs. */
export type Feed = {
  readonly symbol: string
  /** The address under which the oracle knows the feed; a pseudo-asset where no reserve belongs to it. */
  readonly asset: Address
  readonly proxy: Address
  /** The first aggregator behind the proxy. */
  readonly aggregator: Address
  /** Owns the proxy and reports the prices. */
  readonly owner: Address
}

export type FeedCodes = ReturnType<typeof chainlinkCreationCodes>

export const loadFeedCodes = (): FeedCodes => chainlinkCreationCodes()

const permitReporter = (reporter: Address): Hex =>
  encodeFunctionData({
    abi: aggregatorAbi,
    functionName: 'changeOracles',
    args: [[], [reporter], [reporter], 1, 1, 0],
  })

/** Plans an aggregator to which `reporter` may report; it has no answer yet. */
export const planAggregator = (plan: Plan, codes: FeedCodes, symbol: string, reporter: Address): Address => {
  const aggregator = plan.deploy(codes.aggregator(`${symbol} / USD`))
  plan.call(aggregator, permitReporter(reporter))
  return aggregator
}

/** Plans a whole feed, whose round 1 says `price` (8 decimals). `asset`: where the oracle will find it. */
export const planFeed = (
  plan: Plan,
  codes: FeedCodes,
  of: { readonly symbol: string; readonly asset: Address; readonly price: bigint },
): Feed => {
  const aggregator = planAggregator(plan, codes, of.symbol, plan.from)
  plan.call(aggregator, encodeSubmit(1n, of.price))
  const proxy = plan.deploy(codes.proxy(aggregator))
  return { symbol: of.symbol, asset: of.asset, proxy, aggregator, owner: plan.from }
}

/** Calldata of a price report; `price` has 8 decimals. */
export const encodeSubmit = (round: bigint, price: bigint): Hex =>
  encodeFunctionData({ abi: aggregatorAbi, functionName: 'submit', args: [round, price] })

/** Calldatas by which a proxy's owner moves it to another aggregator: a new phase. */
export const encodeNewPhase = (aggregator: Address): readonly [Hex, Hex] => [
  encodeFunctionData({ abi: feedAbi, functionName: 'proposeAggregator', args: [aggregator] }),
  encodeFunctionData({ abi: feedAbi, functionName: 'confirmAggregator', args: [aggregator] }),
]
