// State as it comes back from the store.
import type { Market, Position } from '../../src/model/market.ts'
import { stateFromBytes } from '../../src/store/decode-state.ts'
import { stateToBytes } from '../../src/store/encode-state.ts'
import { marketOfParts, partsOf } from '../../src/store/market-parts.ts'
import { createPackedPositions } from '../../src/store/packed-positions.ts'
import { createWords } from '../../src/store/words.ts'

/** A market taken apart, stored as bytes, and put together again. */
export const marketStored = (market: Market): Market | undefined => {
  const words = createWords()
  const parts = [...partsOf(market)].map(([path, part]) => [path, stateToBytes(part, words)] as const)
  return marketOfParts(
    market.id,
    market.id.market,
    new Map(parts.map(([path, bytes]) => [path, stateFromBytes(bytes, words)])),
  )
}

/** A position packed and unpacked. */
export const positionStored = (position: Position): Position | undefined => {
  const packed = createPackedPositions(position.id, createWords())
  const key = `${position.id.market}:${position.id.account}`
  packed.set(key, position)
  return packed.get(key)
}
