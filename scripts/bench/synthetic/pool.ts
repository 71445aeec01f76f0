// The local pool's own state, read from real contracts: what synthetic accounts stand in.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chain } from '../../../src/chain/chain.ts'
import type { BlockRef } from '../../../src/model/block.ts'
import type { Call, CallResult } from '../../../src/model/evm.ts'
import type { PriceKey, PriceReading } from '../../../src/model/price.ts'
import type { Wanted } from '../../../src/monitor/track.ts'
import { type AaveMarket, MARKET } from '../../../src/protocols/aave-v3/state.ts'
import type { Adapter, Env } from '../../../src/protocols/adapter.ts'
import { aaveOn, chainAt, closeFollower, followOn } from '../../../test/support/follower.ts'
import { startWorld, syncToHead } from '../world.ts'

/** A pool at the block at which it was read, and what its contracts answered to each call until then, the last word of each. */
export type Pool = {
  readonly adapter: Adapter
  readonly deployment: Wanted['deployment']
  readonly market: AaveMarket
  readonly prices: ReadonlyMap<PriceKey, PriceReading>
  readonly block: BlockRef
  readonly answers: ReadonlyMap<string, CallResult>
}

/** Enough for every reserve to have debt and interest. */
const BORROWERS = 50

/** What a call is known by. */
export const callKey = (call: Call): string =>
  'data' in call ? `${call.to}:${call.data}`.toLowerCase() : `${call.to}:${call.slots.join()}`.toLowerCase()

const recording = (chain: Chain, answers: Map<string, CallResult>): Chain => {
  const recorded =
    (read: Chain['read']): Chain['read'] =>
    async (block, calls, ancestors) => {
      const pinned = await read(block, calls, ancestors)
      calls.forEach((call, index) => {
        const result = pinned.results[index]
        if (result) answers.set(callKey(call), result)
      })
      return pinned
    }
  return {
    ...chain,
    read: recorded(chain.read),
    background: (signal) => {
      const behind = chain.background(signal)
      return { ...behind, read: recorded(behind.read) }
    },
  }
}

/** Starts a chain, follows the pool on it, and stops it again. */
export const readPool = async (): Promise<Pool> => {
  const world = await startWorld(BORROWERS)
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  try {
    const { devnet } = world
    const answers = new Map<string, CallResult>()
    const wanted = aaveOn(devnet)
    const chain = recording(chainAt(devnet.url, devnet.chainId), answers)
    const follower = await followOn(chain, join(folder, 'pool.db'), [wanted])
    await syncToHead(follower)
    const { tracked, cursor } = follower.book
    const mirror = tracked[0]?.mirror
    const market = mirror?.markets.get(MARKET)
    if (!mirror || !market || !cursor) throw new Error('the local pool was not read')
    const prices = new Map(mirror.prices)
    closeFollower(follower)
    return { ...wanted, market: market as AaveMarket, prices, block: cursor, answers }
  } finally {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What assessments rest on, `seconds` after the pool was read. */
export const envOf = ({ prices, block, market }: Pool, seconds: number): Env => ({
  block: { ...block, number: block.number + 1n, timestamp: block.timestamp + seconds },
  timestamp: block.timestamp + seconds,
  prices: (key) => prices.get(key),
  markets: () => market,
  debtInFront: () => null,
  quotes: () => null,
})
