// A running Comet, who uses it, and what can be asked of it.
import { type Address, encodeFunctionData, erc20Abi, type Hex } from 'viem'
import { cometAbi } from '../../../abis/compound-v3.ts'
import { tokenAbi } from '../../devnet/aave-v3/abis.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { latestRound, readContract } from '../../devnet/feed-state.ts'
import { encodeSubmit, type FeedCodes } from '../../devnet/feeds.ts'
import { createPlan, namedAccount, type Plan, type Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import type { Artifacts, Named } from '../artifacts.ts'
import { type CometToken, planCollateral, type RecordedComet } from './deploy.ts'

export type Scene = {
  readonly devnet: Devnet
  readonly artifacts: Artifacts
  readonly random: Random
  readonly market: RecordedComet
  readonly accounts: readonly Address[]
  /** As they were last moved, by symbol, with 8 decimals. */
  readonly prices: Map<string, bigint>
  readonly codes: FeedCodes
}

const WAD = 10n ** 18n
const ONE = 10n ** 8n

/** A transaction of one of the Comet's functions. */
export const toComet = (
  { artifacts, market: { comet } }: Scene,
  from: Address,
  functionName: string,
  args: Named,
): Transaction => {
  const contract = artifacts.has('Comet') ? 'Comet' : 'CometWithExtendedAssetList'
  return { from, to: comet, data: artifacts.encode(contract, functionName, args) }
}

export const priceOf = ({ prices }: Scene, { symbol, price }: CometToken): bigint =>
  prices.get(symbol) ?? price

/** So much of a token as is worth this, in whole units of what prices are quoted in. */
export const amountWorth = (scene: Scene, token: CometToken, worth: number): bigint => {
  const value = BigInt(Math.max(1, Math.round(worth * Number(ONE))))
  const amount = (value * 10n ** BigInt(token.decimals)) / priceOf(scene, token)
  return amount + scene.random.bigint(amount / 1_000n + 2n)
}

/** What an account owes, in units of the base token. */
export const debtOf = (
  { devnet: { rpc }, market: { comet: to } }: Scene,
  account: Address,
): Promise<bigint> =>
  readContract(rpc, { to, abi: cometAbi, functionName: 'borrowBalanceOf', args: [account] })

/** What an account has put up, in the order of the collaterals. */
export const collateralOf = (
  { devnet: { rpc }, market: { comet: to, collaterals } }: Scene,
  account: Address,
): Promise<readonly bigint[]> =>
  Promise.all(
    collaterals.map(async ({ asset }) => {
      const of = { to, abi: cometAbi, functionName: 'userCollateral', args: [account, asset] } as const
      return (await readContract(rpc, of))[0]
    }),
  )

/** Whether the view says so at the head; false where a price fails. */
export const isLiquidatable = (
  { devnet: { rpc }, market: { comet: to } }: Scene,
  account: Address,
): Promise<boolean> =>
  readContract(rpc, { to, abi: cometAbi, functionName: 'isLiquidatable', args: [account] }).catch(() => false)

/** Nearly all that an account may still borrow at today's prices, in units of the base token; a little at least. */
export const roomOf = async (scene: Scene, account: Address): Promise<bigint> => {
  const { devnet, market } = scene
  const balances = await collateralOf(scene, account)
  const infos = await Promise.all(
    market.collaterals.map((_, index) =>
      readContract(devnet.rpc, {
        ...{ to: market.comet, abi: cometAbi, functionName: 'getAssetInfo', args: [index] },
        // Its listing may have been orphaned.
      } as const).catch(() => undefined),
    ),
  )
  const value = market.collaterals.reduce((sum, token, index) => {
    const held = ((balances[index] ?? 0n) * priceOf(scene, token)) / 10n ** BigInt(token.decimals)
    return sum + (held * (infos[index]?.borrowCollateralFactor ?? 0n)) / WAD
  }, 0n)
  const unit = 10n ** BigInt(market.base.decimals)
  const room = (value * unit) / priceOf(scene, market.base) - (await debtOf(scene, account))
  return room > unit ? (room * 97n) / 100n : unit
}

/** Another token with its feed, which says `price`, and what deploys them. */
export const planListing = (
  { random, codes }: Scene,
  price: bigint,
): { readonly plan: Plan; readonly token: CometToken } => {
  const symbol = `NEW${random.integer(0, 10 ** 9)}`
  const plan = createPlan(namedAccount(`lister of ${symbol}`))
  return { plan, token: planCollateral(plan, codes, { symbol, decimals: 18, price }) }
}

/** Moves a token's price, which may be no price at all, as its reporter says it. */
export const report = async (
  { devnet: { rpc } }: Scene,
  { feed }: CometToken,
  price: bigint,
): Promise<readonly Transaction[]> => {
  if (!feed) return []
  // A feed whose listing was orphaned has no rounds.
  const round = await latestRound(rpc, feed.aggregator).catch(() => undefined)
  if (round === undefined) return []
  return [{ from: feed.owner, to: feed.aggregator, data: encodeSubmit(round + 1n, price) }]
}

/** Tokens for an account, and leave to take them for whoever it deals with. */
export const fund = (
  { market: { comet } }: Scene,
  account: Address,
  token: CometToken,
  amount: bigint,
): Transaction[] => {
  const calls: Hex[] = [
    encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [account, amount] }),
    encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [comet, amount] }),
  ]
  return calls.map((data) => ({ from: account, to: token.asset, data }))
}
