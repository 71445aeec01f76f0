// A running instance, who uses it, and what can be asked of it.
import { type Address, encodeFunctionData, erc20Abi } from 'viem'
import { spokeAbi } from '../../../abis/aave-v4.ts'
import { tokenAbi } from '../../devnet/aave-v3/abis.ts'
import type { Devnet } from '../../devnet/devnet.ts'
import { latestRound, readContract } from '../../devnet/feed-state.ts'
import { encodeSubmit } from '../../devnet/feeds.ts'
import type { Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import type { Artifacts, Named } from '../artifacts.ts'
import type { HubListing, Instance, Spoke, Token } from './deploy.ts'

export type Scene = {
  readonly devnet: Devnet
  readonly artifacts: Artifacts
  readonly random: Random
  readonly instance: Instance
  readonly accounts: readonly Address[]
  /** As they were last moved, by symbol, with 8 decimals. */
  readonly prices: Map<string, bigint>
}

const ONE = 10n ** 8n

/** A transaction of a spoke's or a hub's function. */
export const toSpoke = (
  { artifacts }: Scene,
  from: Address,
  to: Address,
  functionName: string,
  args: Named,
): Transaction => ({ from, to, data: artifacts.encode('SpokeInstance', functionName, args) })

export const toHub = (
  { artifacts }: Scene,
  from: Address,
  to: Address,
  functionName: string,
  args: Named,
): Transaction => ({ from, to, data: artifacts.encode('HubInstance', functionName, args) })

export const priceOf = ({ prices }: Scene, { symbol, price }: Token): bigint => prices.get(symbol) ?? price

/** So much of a token as is worth this, in US dollars. */
export const amountWorth = (scene: Scene, token: Token, worth: number): bigint => {
  const value = BigInt(Math.max(1, Math.round(worth * Number(ONE))))
  const amount = (value * 10n ** BigInt(token.decimals)) / priceOf(scene, token)
  return amount + scene.random.bigint(amount / 1_000n + 2n)
}

/** Tokens for an account, and leave for a spoke to take them. */
export const fund = (account: Address, token: Token, amount: bigint, spender: Address): Transaction[] => {
  const mint = encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [account, amount] })
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  return [mint, approve].map((data) => ({ from: account, to: token.asset, data }))
}

/** Tokens minted straight to somebody. */
export const mintTo = (from: Address, token: Token, to: Address, amount: bigint): Transaction => ({
  from,
  to: token.asset,
  data: encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, amount] }),
})

/** What an account has in a reserve. */
export type Held = {
  readonly id: number
  readonly listing: HubListing
  readonly supplied: bigint
  readonly owed: bigint
  readonly isCollateral: boolean
}

export const heldBy = (
  { devnet: { rpc } }: Scene,
  { address: to, reserves }: Spoke,
  account: Address,
): Promise<readonly Held[]> =>
  Promise.all(
    reserves.map(async (listing, id) => {
      const of = { to, abi: spokeAbi, args: [BigInt(id), account] } as const
      const supplied = await readContract(rpc, { ...of, functionName: 'getUserSuppliedAssets' })
      const owed = await readContract(rpc, { ...of, functionName: 'getUserTotalDebt' })
      const [isCollateral] = await readContract(rpc, { ...of, functionName: 'getUserReserveStatus' })
      return { id, listing, supplied, owed, isCollateral }
    }),
  )

/** Spoke.getUserAccountData at the head; undefined where a price fails. */
export const accountDataOf = ({ devnet: { rpc } }: Scene, { address: to }: Spoke, account: Address) =>
  readContract(rpc, { to, abi: spokeAbi, functionName: 'getUserAccountData', args: [account] }).catch(
    () => undefined,
  )

/** Moves a token's price, which may be no price at all, as its reporter says it. */
export const report = async (
  { devnet: { rpc } }: Scene,
  { feed }: Token,
  price: bigint,
): Promise<readonly Transaction[]> => {
  const round = (await latestRound(rpc, feed.aggregator)) + 1n
  return [{ from: feed.owner, to: feed.aggregator, data: encodeSubmit(round, price) }]
}
