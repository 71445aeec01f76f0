// The positions of one deployment as bytes: a tenth of what objects take, decoded when they are asked for.
import type { Address } from 'viem'
import type { Position } from '../model/market.ts'
import type { Deployment } from '../protocols/adapter.ts'
import { stateFromBytes } from './decode-state.ts'
import { stateToBytes } from './encode-state.ts'
import { createPackedBytes } from './packed-bytes.ts'
import type { Words } from './words.ts'

/**
 * Positions by their key `market:account`. Each has a slot: a small number that is its own while it lives, and another's
 * afterwards. What `get` answers is made anew each time; iterating values makes all of them.
 */
export type PackedPositions = ReadonlyMap<string, Position> & {
  set(key: string, position: Position): void
  delete(key: string): boolean
  /** Stores bytes that `bytesOf` gave, as of a block, under the number of its entry in the database. */
  load(key: string, bytes: Uint8Array, asOf: bigint, entryId: number): void
  /** The state of a position as it is stored: all but what key and block tell. */
  bytesOf(position: Position): Uint8Array
  /** Whether what is stored under a key differs from these bytes, or is not there. */
  differs(key: string, bytes: Uint8Array): boolean
  /** The number of a key's entry in the database; 0 where it has none yet. */
  entryIdOf(key: string): number
  slotOf(key: string): number | undefined
  keyOf(slot: number): string | undefined
  /** One more than the highest slot ever used. */
  readonly slotLimit: number
}

/** Positions from their stored form and back. */
const createCodec = ({ chainId, protocol, deployment }: Deployment, words: Words) => ({
  bytesOf: ({ id, owner, asOf: _asOf, ...state }: Position): Uint8Array =>
    stateToBytes(owner === id.account ? state : { owner, ...state }, words),
  positionOf: (key: string, bytes: Uint8Array, asOf: number): Position => {
    const colon = key.indexOf(':')
    const [market, account] = [key.slice(0, colon), key.slice(colon + 1)]
    const state = stateFromBytes(bytes, words) as { owner?: Address }
    const id = { chainId, protocol, deployment, market, account }
    return { id, owner: account as Address, asOf: BigInt(asOf), ...state }
  },
})

/** An empty map of a deployment's positions. */
export const createPackedPositions = (deployment: Deployment, words: Words): PackedPositions => {
  const { bytesOf, positionOf } = createCodec(deployment, words)
  const packed = createPackedBytes()
  const { slots } = packed
  const positionAt = (slot: number): Position =>
    positionOf(packed.keyOf(slot) as string, packed.bytesAt(slot), packed.numberAt(slot))
  function* entries(): MapIterator<[string, Position]> {
    for (const [key, slot] of slots) yield [key, positionAt(slot)]
    return undefined
  }

  const map: PackedPositions = {
    get size() {
      return slots.size
    },
    get slotLimit() {
      return packed.slotLimit
    },
    get: (key) => {
      const slot = slots.get(key)
      return slot === undefined ? undefined : positionAt(slot)
    },
    has: (key) => slots.has(key),
    keys: () => slots.keys(),
    entries,
    *values() {
      for (const slot of slots.values()) yield positionAt(slot)
      return undefined
    },
    forEach: (visit) => {
      for (const [key, position] of entries()) visit(position, key, map)
    },
    [Symbol.iterator]: entries,
    set: (key, position) => {
      packed.put(key, bytesOf(position), Number(position.asOf))
    },
    delete: packed.delete,
    load: (key, bytes, asOf, entryId) => packed.setId(packed.put(key, bytes, Number(asOf)), entryId),
    bytesOf,
    differs: (key, bytes) => {
      const slot = slots.get(key)
      return slot === undefined || Buffer.compare(packed.bytesAt(slot), bytes) !== 0
    },
    entryIdOf: (key) => packed.idAt(slots.get(key) ?? -1),
    slotOf: (key) => slots.get(key),
    keyOf: packed.keyOf,
  }
  return map
}

/** A position of its stored form: what key and block tell, and the rest of its bytes. */
export const positionOfBytes = (
  deployment: Deployment,
  words: Words,
  key: string,
  bytes: Uint8Array,
  asOf: number,
): Position => createCodec(deployment, words).positionOf(key, bytes, asOf)
