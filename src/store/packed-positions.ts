// The positions of one deployment as bytes: a tenth of what objects take, decoded when they are asked for.
import type { Address } from 'viem'
import type { Position } from '../model/market.ts'
import type { Deployment } from '../protocols/adapter.ts'
import { createArena } from './arena.ts'
import { stateFromBytes } from './decode-state.ts'
import { stateToBytes } from './encode-state.ts'
import { grown } from './grown.ts'
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

const FIRST_SLOTS = 16

type Parsed = { readonly market: string; readonly account: string }

const parsed = (key: string): Parsed => {
  const colon = key.indexOf(':')
  return { market: key.slice(0, colon), account: key.slice(colon + 1) }
}

/** An empty map of a deployment's positions. */
export const createPackedPositions = (deployment: Deployment, words: Words): PackedPositions => {
  const { chainId, protocol, deployment: name } = deployment
  const arena = createArena()
  const slots = new Map<string, number>()
  const keys: (string | undefined)[] = []
  const freeSlots: number[] = []
  let places = new Float64Array(FIRST_SLOTS)
  let lengths = new Uint32Array(FIRST_SLOTS)
  let blocks = new Float64Array(FIRST_SLOTS)
  let entryIds = new Uint32Array(FIRST_SLOTS)

  const newSlot = (key: string): number => {
    const slot = freeSlots.pop() ?? keys.length
    places = grown(places, slot)
    lengths = grown(lengths, slot)
    blocks = grown(blocks, slot)
    entryIds = grown(entryIds, slot)
    keys[slot] = key
    slots.set(key, slot)
    return slot
  }
  const bytesAt = (slot: number): Uint8Array => arena.at(places[slot] as number, lengths[slot] as number)
  const positionAt = (slot: number): Position => {
    const { market, account } = parsed(keys[slot] as string)
    const state = stateFromBytes(bytesAt(slot), words) as { owner?: Address }
    return {
      id: { chainId, protocol, deployment: name, market, account },
      owner: account as Address,
      asOf: BigInt(blocks[slot] as number),
      ...state,
    }
  }
  const bytesOf = ({ id, owner, asOf: _asOf, ...state }: Position): Uint8Array =>
    stateToBytes(owner === id.account ? state : { owner, ...state }, words)
  const put = (key: string, bytes: Uint8Array, asOf: bigint): number => {
    const known = slots.get(key)
    const slot = known ?? newSlot(key)
    if (known !== undefined) arena.free(places[slot] as number, lengths[slot] as number)
    places[slot] = arena.put(bytes)
    lengths[slot] = bytes.length
    blocks[slot] = Number(asOf)
    return slot
  }
  function* entries(): MapIterator<[string, Position]> {
    for (const [key, slot] of slots) yield [key, positionAt(slot)]
    return undefined
  }

  const map: PackedPositions = {
    get size() {
      return slots.size
    },
    get slotLimit() {
      return keys.length
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
      put(key, bytesOf(position), position.asOf)
    },
    delete: (key) => {
      const slot = slots.get(key)
      if (slot === undefined) return false
      arena.free(places[slot] as number, lengths[slot] as number)
      slots.delete(key)
      keys[slot] = undefined
      entryIds[slot] = 0
      freeSlots.push(slot)
      return true
    },
    load: (key, bytes, asOf, entryId) => {
      entryIds[put(key, bytes, asOf)] = entryId
    },
    bytesOf,
    differs: (key, bytes) => {
      const slot = slots.get(key)
      return slot === undefined || Buffer.compare(bytesAt(slot), bytes) !== 0
    },
    entryIdOf: (key) => entryIds[slots.get(key) ?? -1] ?? 0,
    slotOf: (key) => slots.get(key),
    keyOf: (slot) => keys[slot],
  }
  return map
}
