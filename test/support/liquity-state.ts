// A system on the local chain as the adapter reads it, and predictions held against what is then sent.
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import { expect } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import { envOf } from '../../src/monitor/assessing.ts'
import type { Env } from '../../src/protocols/adapter.ts'
import { queueOf } from '../../src/protocols/liquity-v1/queue.ts'
import {
  type LiquityMirror,
  marketOf,
  type ReadMarket,
  readMarket,
  type System,
  type Trove,
} from '../../src/protocols/liquity-v1/state.ts'
import type { Devnet } from '../devnet/devnet.ts'
import { listAbi } from '../devnet/liquity-v1/abis.ts'
import { createLiquityActivity } from '../devnet/liquity-v1/random-activity.ts'
import type { LiquitySystem } from '../devnet/liquity-v1/system.ts'
import { liquityOn } from '../devnet/liquity-v1/zero.ts'
import type { TransactionOutcome } from '../devnet/mining.ts'
import type { Transaction } from '../devnet/plan.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { readAfresh } from './afresh.ts'
import { sized } from './size.ts'

/** Owners of all troves from the last of the list, which has the lowest ratio, as the chain has them. */
export const listedOwners = async (devnet: Devnet, { sortedTroves }: LiquitySystem): Promise<Address[]> => {
  const list = { address: sortedTroves, abi: listAbi } as const
  const owners: Address[] = []
  let owner = await devnet.client.readContract({ ...list, functionName: 'getLast' })
  while (owner !== zeroAddress) {
    owners.push(owner)
    owner = await devnet.client.readContract({ ...list, functionName: 'getPrev', args: [owner] })
  }
  return owners
}

/** What is known of a system at a head: the queue is the list from its last. */
export type LiquityState = {
  readonly mirror: LiquityMirror
  readonly market: ReadMarket
  readonly queue: readonly Trove[]
  /** As of a block this many seconds later. */
  envAfter(seconds: number): Env
}

export const liquityAt = async (
  devnet: Devnet,
  chain: Chain,
  system: LiquitySystem,
): Promise<LiquityState> => {
  const head = await chain.head()
  const owners = await listedOwners(devnet, system)
  const mirror = (await readAfresh(chain, head, liquityOn(devnet, system), owners)) as LiquityMirror
  const market = marketOf(mirror)
  if (!market) throw new Error('the system could not be read')
  const env = envOf(mirror, head, () => null)
  const queue = queueOf(mirror.positions.values())
  expect(queue.map(({ owner }) => owner)).toEqual(owners)
  return {
    ...{ mirror, market: readMarket(market), queue },
    envAfter: (seconds) => ({ ...env, timestamp: env.timestamp + seconds }),
  }
}

/** Sends one transaction in a block this many seconds later, looks at what it did, and takes it back. */
export const tryOut = async (
  devnet: Devnet,
  transaction: Transaction,
  seconds: number,
  look: (outcome: TransactionOutcome) => Promise<void>,
): Promise<void> => {
  const snapshot = await devnet.snapshot()
  const { outcomes } = await devnet.send([transaction], seconds)
  if (!outcomes[0]) throw new Error('no outcome')
  await look(outcomes[0])
  await devnet.revert(snapshot)
}

/** The books that a prediction leaves behind are those of the chain. */
export const expectBooks = async (
  devnet: Devnet,
  chain: Chain,
  system: LiquitySystem,
  predicted: System | undefined,
): Promise<LiquityState> => {
  const after = await liquityAt(devnet, chain, system)
  expect(after.market.system).toEqual(predicted)
  return after
}

const STATES = sized(14, 80)
const ATTEMPTS_PER_STATE = 6
const ACCOUNTS = 12
const BLOCKS_BETWEEN = 3
const SECONDS_MAX = 50_000

/** Walks random states of a system, and tries something at each several times. The accounts are those of its life. */
export const throughStates = async (
  devnet: Devnet,
  chain: Chain,
  system: LiquitySystem,
  seed: number,
  attempt: (random: Random, state: LiquityState, accounts: readonly Address[]) => Promise<void>,
): Promise<void> => {
  const random = createRandom(seed)
  const snapshot = await devnet.snapshot()
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  const activity = createLiquityActivity({ devnet, random, system, accounts })
  await activity.open()
  for (let index = 0; index < STATES; index++) {
    for (let block = 0; block < BLOCKS_BETWEEN; block++)
      await devnet.send(await activity.next(), random.integer(1, SECONDS_MAX))
    const state = await liquityAt(devnet, chain, system)
    for (let turn = 0; turn < ATTEMPTS_PER_STATE; turn++) await attempt(random, state, accounts)
  }
  await devnet.revert(snapshot)
}
