// The local pool's own state, read from real contracts: what synthetic accounts stand in.
import type { BlockRef } from '../../../src/model/block.ts'
import type { PriceKey, PriceReading } from '../../../src/model/price.ts'
import { aaveV3 } from '../../../src/protocols/aave-v3/index.ts'
import { type AaveDeployment, type AaveMarket, MARKET } from '../../../src/protocols/aave-v3/state.ts'
import type { Adapter, Env } from '../../../src/protocols/adapter.ts'
import { followAll, startWorld } from '../world.ts'

/** A pool at the block at which it was read. */
export type Pool = {
  readonly adapter: Adapter
  readonly deployment: AaveDeployment
  readonly market: AaveMarket
  readonly prices: ReadonlyMap<PriceKey, PriceReading>
  readonly block: BlockRef
}

/** Enough for every reserve to have debt and interest. */
const BORROWERS = 50

/** Starts a chain, follows the pool on it, and stops it again. */
export const readPool = async (): Promise<Pool> => {
  const world = await startWorld(BORROWERS)
  try {
    const {
      book: { tracked, cursor },
    } = await followAll(world)
    const mirror = tracked[0]?.mirror
    const market = mirror?.markets.get(MARKET)
    if (!mirror || !market || !cursor) throw new Error('the local pool was not read')
    return {
      adapter: aaveV3,
      deployment: mirror.deployment as AaveDeployment,
      market: market as AaveMarket,
      prices: new Map(mirror.prices),
      block: cursor,
    }
  } finally {
    await world.stop()
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
