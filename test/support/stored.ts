// State as it comes back from the store.
import type { Market, Position } from '../../src/model/market.ts'
import { stateFromBytes } from '../../src/store/decode-state.ts'
import { stateToBytes } from '../../src/store/encode-state.ts'
import { marketOfParts, partsOf } from '../../src/store/market-parts.ts'
import { createPackedPositions, type PackedPositions } from '../../src/store/packed-positions.ts'
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

/** By deployment: room for positions is set aside in large pieces, too large for one position each. */
const stores = new Map<string, PackedPositions>()

const storeOf = ({ id }: Position): PackedPositions => {
  const name = `${id.chainId}:${id.protocol}:${id.deployment}`
  const store = stores.get(name) ?? createPackedPositions(id, createWords())
  stores.set(name, store)
  return store
}

/** A position packed and unpacked. */
export const positionStored = (position: Position): Position | undefined => {
  const packed = storeOf(position)
  const key = `${position.id.market}:${position.id.account}`
  packed.set(key, position)
  const unpacked = packed.get(key)
  packed.delete(key)
  return unpacked
}
