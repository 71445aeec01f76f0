import type { Address } from 'viem'
import type { Blocks } from '../blocks.ts'
import type { Devnet, MineOptions } from '../devnet.ts'
import { DevnetError } from '../errors.ts'
import { lastPrice, workingAggregator } from '../feed-state.ts'
import { namedAccount } from '../plan.ts'
import { type AccountSpec, openAccounts, type SendOptions } from './accounts.ts'
import type { ActedBlock, Action, FeedFault } from './actions.ts'
import { type EncodeContext, feedOf } from './encoder.ts'

const FACTOR_SCALE = 10 ** 12

type AccountMethods = Pick<Devnet, 'account' | 'openAccount' | 'openAccounts'>
type ActionMethods = Pick<
  Devnet,
  | ('act' | 'queue' | 'mine' | 'increaseTime' | 'price' | 'setPrice' | 'setPrices' | 'movePrice')
  | ('breakFeed' | 'mendFeed' | 'upgradePoolRevision')
>

export type Act = (actions: readonly Action[], options?: SendOptions) => Promise<ActedBlock>

const listOf = (actions: Action | readonly Action[]): readonly Action[] =>
  'kind' in actions ? [actions] : actions

/** Accounts and their positions. */
export const createAccounts = (newContext: () => EncodeContext, blocks: Blocks): AccountMethods => {
  const open = (specs: readonly AccountSpec[], options?: SendOptions) =>
    openAccounts(newContext(), blocks, specs, options)
  const known = new Map<number, Address>()
  return {
    account: (index) => {
      const address = known.get(index) ?? namedAccount(`account ${index}`)
      known.set(index, address)
      return address
    },
    openAccounts: open,
    openAccount: async (spec, options) => {
      const [outcome] = await open([spec], options)
      if (!outcome) throw new DevnetError('no outcome of one account')
      return outcome
    },
  }
}

/** Everything that mines actions. */
export const createActions = (act: Act, newContext: () => EncodeContext, blocks: Blocks): ActionMethods => {
  const queued: Action[] = []
  const actQueued = (actions: readonly Action[], options?: SendOptions) =>
    act([...queued.splice(0), ...actions], options)

  const price = async (symbol: string): Promise<bigint> => {
    const { rpc, addresses } = newContext()
    const feed = feedOf({ addresses }, symbol)
    const { aggregator } = await workingAggregator(rpc, feed, Object.values(addresses.broken))
    return lastPrice(rpc, aggregator)
  }
  const setPrices = (prices: Readonly<Record<string, bigint>>) =>
    actQueued(Object.entries(prices).map(([asset, value]) => ({ kind: 'setPrice', asset, price: value })))
  const mine = async ({ blocks: count = 1, seconds }: MineOptions = {}) => {
    if (queued.length === 0) return blocks.mine(count, seconds)
    const { block } = await actQueued([], seconds === undefined ? {} : { seconds })
    return count > 1 ? blocks.mine(count - 1, seconds) : block
  }
  return {
    act: (actions, options) => actQueued(listOf(actions), options),
    queue: (actions) => {
      queued.push(...listOf(actions))
    },
    mine,
    increaseTime: (seconds) => mine({ seconds }),
    price,
    setPrices,
    setPrice: (symbol, value) => setPrices({ [symbol]: value }),
    movePrice: async (symbol, factor) => {
      const moved = ((await price(symbol)) * BigInt(Math.round(factor * FACTOR_SCALE))) / BigInt(FACTOR_SCALE)
      return setPrices({ [symbol]: moved > 0n ? moved : 1n })
    },
    breakFeed: (asset: string, how: FeedFault) => actQueued([{ kind: 'breakFeed', asset, how }]),
    mendFeed: (asset) => actQueued([{ kind: 'mendFeed', asset }]),
    upgradePoolRevision: (revision) => actQueued([{ kind: 'upgradePoolRevision', revision }]),
  }
}
