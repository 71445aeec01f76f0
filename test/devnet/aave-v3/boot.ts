import { type Address, encodeFunctionData, maxUint256 } from 'viem'
import type { Blocks } from '../blocks.ts'
import { readContract } from '../feed-state.ts'
import { type FeedCodes, planFeed } from '../feeds.ts'
import { MULTICALL3 } from '../multicall3.ts'
import { createPlan, namedAccount, type Transaction } from '../plan.ts'
import type { Rpc } from '../rpc.ts'
import { sendAll } from '../send-all.ts'
import { dataProviderAbi, poolAbi, tokenAbi } from './abis.ts'
import { FUNDER } from './accounts.ts'
import type { Addresses, Reserve } from './addresses.ts'
import { type Core, planCore } from './deploy-core.ts'
import {
  defineEMode,
  listReserves,
  type PlannedReserve,
  planReserve,
  registerFeeds,
} from './deploy-reserves.ts'
import { E_MODES, EXTRA_FEEDS, RESERVES, type ReserveSpec } from './reserves.ts'

const FUNDER_BALANCE = 2n ** 120n
const USD = 10n ** 8n

/** Asks the pool for the tokens of reserves that were just listed. */
export const readReserve = async (rpc: Rpc, core: Core, planned: PlannedReserve): Promise<Reserve> => {
  const { spec, asset, feed } = planned
  const [aToken, stableDebtToken, variableDebtToken] = await readContract(rpc, {
    to: core.dataProvider,
    abi: dataProviderAbi,
    functionName: 'getReserveTokensAddresses',
    args: [asset],
  })
  const { symbol, decimals } = spec
  const { proxy, aggregator } = feed
  return { symbol, asset, decimals, aToken, variableDebtToken, stableDebtToken, feed: proxy, aggregator }
}

/** The funder takes plenty of the asset and lends `liquidity` (whole US dollars) of it to the pool. */
export const provideLiquidity = (
  pool: Address,
  asset: Address,
  spec: ReserveSpec,
  liquidity: bigint,
): Transaction[] => {
  const amount = (liquidity * USD * 10n ** BigInt(spec.decimals)) / spec.price
  const calls = [
    [asset, encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [FUNDER, FUNDER_BALANCE] })],
    [asset, encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [pool, maxUint256] })],
    [pool, encodeFunctionData({ abi: poolAbi, functionName: 'supply', args: [asset, amount, FUNDER, 0] })],
  ] as const
  return calls.slice(0, amount > 0n ? 3 : 2).map(([to, data]) => ({ from: FUNDER, to, data }))
}

/** Deploys Aave v3.0.2 with its reserves, feeds and e-modes, and gives it liquidity. */
export const deployAave = async (
  rpc: Rpc,
  blocks: Blocks,
  codes: FeedCodes,
  liquidity: bigint,
): Promise<{ readonly addresses: Addresses; readonly fromBlock: number }> => {
  const plan = createPlan(namedAccount('admin'))
  const core = planCore(plan)
  const reserves = RESERVES.map((spec) => planReserve(plan, codes, spec))
  const extras = EXTRA_FEEDS.map((spec) =>
    planFeed(plan, codes, { ...spec, asset: namedAccount(`asset ${spec.symbol}`) }),
  )
  const feeds = [...reserves.map((reserve) => reserve.feed), ...extras]
  const eModes = E_MODES.map((spec) =>
    defineEMode(core, spec, feeds.find((feed) => feed.symbol === spec.priceSource)?.asset),
  )
  for (const { to, data } of [registerFeeds(core, feeds), ...eModes, ...listReserves(core, reserves)])
    plan.call(to, data)
  const block = await sendAll(blocks, 'deployment', plan.transactions)
  await sendAll(
    blocks,
    'liquidity',
    reserves.flatMap(({ asset, spec }) => provideLiquidity(core.pool, asset, spec, liquidity)),
  )
  const listed = await Promise.all(reserves.map((reserve) => readReserve(rpc, core, reserve)))
  return {
    fromBlock: block.number,
    addresses: {
      ...core,
      multicall3: MULTICALL3,
      reserves: Object.fromEntries(listed.map((reserve) => [reserve.symbol, reserve])),
      feeds: Object.fromEntries(feeds.map((feed) => [feed.symbol, feed])),
    },
  }
}
