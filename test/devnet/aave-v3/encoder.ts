import type { Address } from 'viem'
import { DevnetError } from '../errors.ts'
import { latestRound } from '../feed-state.ts'
import type { Feed, FeedCodes } from '../feeds.ts'
import type { Plan, Transaction } from '../plan.ts'
import type { Rpc } from '../rpc.ts'
import type { Action, ActionOf } from './actions.ts'
import type { Addresses, Reserve } from './addresses.ts'
import type { PlannedReserve } from './deploy-reserves.ts'

/** What the encoders of one block share. */
export type EncodeContext = {
  readonly rpc: Rpc
  readonly addresses: Addresses
  readonly feedCodes: FeedCodes
  /** The last round reported to each aggregator, counting those of this block. */
  readonly rounds: Map<Address, bigint>
  /** Reserves that this block adds. */
  readonly added: PlannedReserve[]
  /** A plan whose sender never sent before. */
  freshPlan(): Plan
}

type Encoded = readonly Transaction[] | Promise<readonly Transaction[]>

/** One encoder per kind of action; each encodes against the state before the block. */
export type Encoders<K extends Action['kind']> = {
  readonly [Kind in K]: (context: EncodeContext, action: ActionOf<Kind>) => Encoded
}

export const reserveOf = ({ addresses }: { readonly addresses: Addresses }, symbol: string): Reserve => {
  const reserve = addresses.reserves[symbol]
  if (!reserve)
    throw new DevnetError(`no reserve ${symbol}; there are ${Object.keys(addresses.reserves).join(', ')}`)
  return reserve
}

export const feedOf = ({ addresses }: { readonly addresses: Addresses }, symbol: string): Feed => {
  const feed = addresses.feeds[symbol]
  if (!feed) throw new DevnetError(`no feed ${symbol}; there are ${Object.keys(addresses.feeds).join(', ')}`)
  return feed
}

/** The number of an aggregator's next round. */
export const nextRound = async (context: EncodeContext, aggregator: Address): Promise<bigint> => {
  const round = (context.rounds.get(aggregator) ?? (await latestRound(context.rpc, aggregator))) + 1n
  context.rounds.set(aggregator, round)
  return round
}
