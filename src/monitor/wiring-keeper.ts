// What the price sources of a followed chain rest on: read once each, beside the cycles, and kept.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Book } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { loadWiring, saveWiring } from '../store/wiring.ts'
import { readWiring } from './wiring.ts'

/** New sources come with new markets and with governance: they are looked for after so many cycles. */
const LOOK_EVERY_CYCLES = 100

export type WiringKeeper = {
  /** Reads what sources rest on that are not known yet, if there are any. Throws what the chain throws; what it read is kept. */
  look(block: BlockRef): Promise<void>
  /** The same beside cycles: told of each, it looks after the first, and then every so often; never twice at once. */
  afterCycle(block: BlockRef): Promise<void>
}

/** Keeps the wiring of a chain's sources in the database. `read` performs calls at a block. */
export const createWiringKeeper = (
  read: Chain['read'],
  database: Database,
  book: Book,
  chainId: number,
): WiringKeeper => {
  const known = new Set<Address>(loadWiring(database, chainId).keys())
  let cycles = 0
  let isLooking = false
  const look = async (block: BlockRef): Promise<void> => {
    const sources = book.tracked.flatMap(({ adapter, mirror }) =>
      adapter.feeds(mirror).flatMap(({ source }) => (source && !known.has(source) ? [source] : [])),
    )
    if (sources.length === 0) return
    const wiring = await readWiring(async (at, calls) => (await read(at, calls)).results, block, sources)
    saveWiring(database, chainId, block.number, wiring)
    for (const source of wiring.keys()) known.add(source)
  }
  return {
    look,
    afterCycle: async (block) => {
      if (cycles++ % LOOK_EVERY_CYCLES > 0 || isLooking) return
      isLooking = true
      try {
        await look(block)
      } finally {
        isLooking = false
      }
    },
  }
}
