// The positions of one deployment as bytes: a tenth of what objects take, decoded when they are asked for.
import type { Address } from 'viem'
import type { Position } from '../model/market.ts'
import type { Deployment } from '../protocols/adapter.ts'
import { stateFromBytes } from './decode-state.ts'
import { stateToBytes } from './encode-state.ts'
import { createPackedBytes, type PackedBytes } from './packed-bytes.ts'
import { type Span, wholeOf } from './span.ts'
import type { Words } from './words.ts'

/**
 * Positions by their key `market:account`. Each has a slot: a small number that is its own while it lives, and another's
 * afterwards. What `get` and `at` answer is made anew each time; iterating values makes all of them.
 */
export type PackedPositions = ReadonlyMap<string, Position> & {
  set(key: string, position: Position): void
  delete(key: string): boolean
  /** Stores bytes that `bytesOf` gave, as of a block, under the number of its entry in the database. */
  load(key: string, bytes: Uint8Array, asOf: bigint, entryId: number): void
  /** The same of parts of other bytes; the key's are its characters'. */
  loadSpans(key: Span, bytes: Span, asOf: number, entryId: number): void
  /** The state of a position as it is stored: all but what key and block tell. */
  bytesOf(position: Position): Uint8Array
  /** Whether what is stored under a key differs from these bytes, or is not there. */
  differs(key: string, bytes: Uint8Array): boolean
  /** The number of a key's entry in the database; 0 where it has none yet. */
  entryIdOf(key: string): number
  entryIdAt(slot: number): number
  slotOf(key: string): number | undefined
  keyOf(slot: number): string | undefined
  at(slot: number): Position | undefined
  /** One more than the highest slot ever used. */
  readonly slotLimit: number
}

/** Positions from their stored form and back. */
const createCodec = ({ chainId, protocol, deployment }: Deployment, words: Words) => {
  /** The market last met: one string for many positions is found faster in maps than an equal one for each. */
  let lastMarket = ''
  const marketOf = (key: string, colon: number): string => {
    if (colon !== lastMarket.length || !key.startsWith(lastMarket)) lastMarket = key.slice(0, colon)
    return lastMarket
  }
  /** What is compared, written and kept of one position in a cycle is made once. */
  const made = new WeakMap<Position, Uint8Array>()
  return {
    bytesOf: (position: Position): Uint8Array => {
      const known = made.get(position)
      if (known) return known
      const { id, owner, asOf: _asOf, ...state } = position
      const bytes = stateToBytes(owner === id.account ? state : { owner, ...state }, words)
      made.set(position, bytes)
      return bytes
    },
    positionOf: (key: string, bytes: Uint8Array, start: number, asOf: number): Position => {
      const colon = key.indexOf(':')
      const [market, account] = [marketOf(key, colon), key.slice(colon + 1)]
      const state = stateFromBytes(bytes, words, start) as { owner?: Address }
      const id = { chainId, protocol, deployment, market, account }
      return { id, owner: account as Address, asOf: BigInt(asOf), ...state }
    },
  }
}

const CODE_MAX = 127

/** Keys as bytes, each written over the one before. Throws on characters that ids do not have. */
const createKeySpans = (): ((key: string) => Span) => {
  const span: Span = { bytes: new Uint8Array(256), start: 0, end: 0 }
  return (key) => {
    if (key.length > span.bytes.length) span.bytes = new Uint8Array(key.length * 2)
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at)
      if (code > CODE_MAX) throw new RangeError(`the key ${key} has characters that no id has`)
      span.bytes[at] = code
    }
    span.end = key.length
    return span
  }
}

/** What is told of packed positions one after the other, in the order of their slots. */
const createReader = (
  packed: PackedBytes,
  { positionOf }: Pick<ReturnType<typeof createCodec>, 'positionOf'>,
) => {
  const { keys } = packed
  const positionAt = (slot: number, key: string): Position => {
    const { bytes, start } = packed.spanAt(slot)
    return positionOf(key, bytes, start, packed.numberAt(slot))
  }
  const at = (slot: number): Position | undefined => {
    const key = keys.keyOf(slot)
    return key === undefined ? undefined : positionAt(slot, key)
  }
  function* names(): MapIterator<string> {
    for (let slot = 0; slot < keys.slotLimit; slot++) {
      const key = keys.keyOf(slot)
      if (key !== undefined) yield key
    }
    return undefined
  }
  function* entries(): MapIterator<[string, Position]> {
    for (let slot = 0; slot < keys.slotLimit; slot++) {
      const key = keys.keyOf(slot)
      if (key !== undefined) yield [key, positionAt(slot, key)]
    }
    return undefined
  }
  return { positionAt, at, names, entries }
}

/** An empty map of a deployment's positions. */
export const createPackedPositions = (deployment: Deployment, words: Words): PackedPositions => {
  const codec = createCodec(deployment, words)
  const { bytesOf } = codec
  const spanOf = createKeySpans()
  const packed = createPackedBytes()
  const { keys } = packed
  const { positionAt, at, names, entries } = createReader(packed, codec)
  const find = (key: string): number => keys.slotOf(spanOf(key))
  const loadSpans = (key: Span, bytes: Span, asOf: number, entryId: number): void =>
    packed.setId(packed.put(key, bytes, asOf), entryId)

  const map: PackedPositions = {
    get size() {
      return keys.size
    },
    get slotLimit() {
      return keys.slotLimit
    },
    get: (key) => {
      const slot = find(key)
      return slot < 0 ? undefined : positionAt(slot, key)
    },
    has: (key) => find(key) >= 0,
    keys: names,
    entries,
    *values() {
      for (const [, position] of entries()) yield position
      return undefined
    },
    forEach: (visit) => {
      for (const [key, position] of entries()) visit(position, key, map)
    },
    [Symbol.iterator]: entries,
    set: (key, position) => {
      packed.put(spanOf(key), wholeOf(bytesOf(position)), Number(position.asOf))
    },
    delete: (key) => {
      const slot = find(key)
      if (slot >= 0) packed.delete(slot)
      return slot >= 0
    },
    load: (key, bytes, asOf, entryId) => loadSpans(spanOf(key), wholeOf(bytes), Number(asOf), entryId),
    loadSpans,
    bytesOf,
    differs: (key, other) => {
      const slot = find(key)
      if (slot < 0) return true
      const { bytes, start, end } = packed.spanAt(slot)
      return Buffer.compare(bytes.subarray(start, end), other) !== 0
    },
    entryIdOf: (key) => packed.idAt(find(key)),
    entryIdAt: packed.idAt,
    slotOf: (key) => {
      const slot = find(key)
      return slot < 0 ? undefined : slot
    },
    keyOf: keys.keyOf,
    at,
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
): Position => createCodec(deployment, words).positionOf(key, bytes, 0, asOf)
