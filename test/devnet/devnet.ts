import type { Address } from 'viem'
import type { AccountOutcome, AccountSpec, SendOptions } from './aave-v3/accounts.ts'
import { actInOneBlock, registerAdded } from './aave-v3/act.ts'
import type { ActedBlock, Action, FeedFault } from './aave-v3/actions.ts'
import type { Addresses } from './aave-v3/addresses.ts'
import { deployAave } from './aave-v3/boot.ts'
import type { EncodeContext } from './aave-v3/encoder.ts'
import { createAccounts, createActions } from './aave-v3/methods.ts'
import { createRegistry } from './aave-v3/registry.ts'
import { type AnvilOptions, startAnvil } from './anvil.ts'
import { createBlocks } from './blocks.ts'
import { createDevnetClient, type DevnetClient } from './client.ts'
import { loadFeedCodes } from './feeds.ts'
import type { Block, MinedBlock } from './mining.ts'
import { installMulticall3 } from './multicall3.ts'
import { createPlan, namedAccount, type Transaction } from './plan.ts'
import { createReorg, type Reorg, type ReorgOptions } from './reorg.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { createSnapshots, type Snapshot } from './snapshots.ts'

export type DevnetOptions = AnvilOptions & {
  /** Whether Multicall3 is at its usual address; true unless told. */
  readonly multicall3?: boolean
  /** What is lent to each reserve at first, in whole US dollars. */
  readonly liquidity?: bigint
}

export type MineOptions = {
  readonly blocks?: number
  /** Between each block and its parent; 12 unless told. */
  readonly seconds?: number
}

/** A local chain with Aave v3.0.2. Its methods mine, one after the other: await each before the next. */
export type Devnet = {
  readonly url: string
  readonly wsUrl: string
  readonly chainId: number
  readonly client: DevnetClient
  readonly rpc: Rpc
  /** The block of the pool's deployment. */
  readonly fromBlock: number
  /** As of the head: reserves that were added appear here. */
  readonly addresses: Addresses
  /** The address of the i-th account. Nobody holds keys: the chain accepts every sender. */
  account(index: number): Address
  openAccount(spec: AccountSpec, options?: SendOptions): Promise<AccountOutcome>
  /** Opens thousands of positions, about 200 a block. */
  openAccounts(specs: readonly AccountSpec[], options?: SendOptions): Promise<AccountOutcome[]>
  /** Mines one block of the queued actions and these, in this order; throws on a revert unless told otherwise. */
  act(actions: Action | readonly Action[], options?: SendOptions): Promise<ActedBlock>
  /** Keeps actions for the next `act` or `mine`. */
  queue(actions: Action | readonly Action[]): void
  /** The last positive price of a feed in US dollars, 8 decimals. */
  price(symbol: string): Promise<bigint>
  /** Reports prices (US dollars, 8 decimals), several in one block when given as a record. */
  setPrice(symbol: string, price: bigint): Promise<ActedBlock>
  setPrices(prices: Readonly<Record<string, bigint>>): Promise<ActedBlock>
  /** Multiplies a price: 0.5 halves it. */
  movePrice(symbol: string, factor: number): Promise<ActedBlock>
  breakFeed(symbol: string, how: FeedFault): Promise<ActedBlock>
  mendFeed(symbol: string): Promise<ActedBlock>
  /** From now on POOL_REVISION() answers `revision`. */
  upgradePoolRevision(revision: number): Promise<ActedBlock>
  head(): Promise<Block>
  /** Mines one block of these transactions, in this order, `seconds` after the last; reverts show in the outcomes. */
  send(transactions: readonly Transaction[], seconds?: number): Promise<MinedBlock>
  /** Mines queued actions into the first block, the others empty. */
  mine(options?: MineOptions): Promise<Block>
  /** Mines one block this many seconds after the last. */
  increaseTime(seconds: number): Promise<Block>
  /** Replaces the last `depth` blocks by others. */
  reorg(depth: number, options?: ReorgOptions): Promise<Reorg>
  snapshot(): Promise<Snapshot>
  /** Returns to a snapshot, as often as wished; later snapshots are lost. */
  revert(snapshot: Snapshot): Promise<Block>
  stop(): Promise<void>
}

const LIQUIDITY_DOLLARS = 1_000_000_000n
const GENESIS_AGE_SECONDS = 3_600

/** Starts anvil and deploys Aave. Stop it with `stop()`; it also ends with this process. */
export const startDevnet = async (options: DevnetOptions = {}): Promise<Devnet> => {
  const { multicall3 = true, liquidity = LIQUIDITY_DOLLARS, chainId = 31_337 } = options
  const feedCodes = loadFeedCodes()
  const timestamp = options.timestamp ?? Math.floor(Date.now() / 1_000) - GENESIS_AGE_SECONDS
  const anvil = await startAnvil({ ...options, chainId, timestamp })
  try {
    const rpc = createRpc(anvil.url)
    await rpc.request('anvil_setLoggingEnabled', [false])
    if (multicall3) await installMulticall3(rpc)
    const blocks = createBlocks(rpc)
    const { addresses, fromBlock } = await deployAave(rpc, blocks, feedCodes, liquidity)
    const registry = createRegistry(addresses)
    let deployers = 0
    const newContext = (): EncodeContext => ({
      ...{ rpc, feedCodes, addresses: registry.addresses(), rounds: new Map(), added: [] },
      freshPlan: () => createPlan(namedAccount(`deployer ${deployers++}`)),
    })
    const act = async (actions: readonly Action[], sendOptions: SendOptions = {}): Promise<ActedBlock> => {
      const context = newContext()
      const acted = await actInOneBlock(context, blocks, actions, sendOptions)
      await registerAdded(context, blocks, registry, acted.block, liquidity)
      return acted
    }
    return {
      ...{ url: anvil.url, wsUrl: anvil.wsUrl, chainId, rpc, fromBlock },
      client: createDevnetClient(anvil.url, chainId, multicall3),
      get addresses() {
        return registry.addresses()
      },
      ...createAccounts(newContext, blocks),
      ...createActions(act, newContext, blocks),
      ...createSnapshots(rpc, blocks, registry),
      head: blocks.head,
      send: blocks.send,
      reorg: createReorg(blocks, registry),
      stop: anvil.stop,
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}
