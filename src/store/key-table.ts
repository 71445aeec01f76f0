// Numbers of short keys, in typed arrays: a map of a million strings without the strings.
import { grown } from '../units/grown.ts'
import { createArena } from './arena.ts'
import type { Span } from './span.ts'

/** Each key has a slot: a small number that is its own while it is there, and another's afterwards. */
export type KeyTable = {
  readonly size: number
  /** One more than the highest slot ever used. */
  readonly slotLimit: number
  /** The slot of a key; −1 where it has none. */
  slotOf(key: Span): number
  /** The slot of a key, a new one where it has none. */
  open(key: Span): number
  /** The key of a slot; undefined where that is free. */
  keyOf(slot: number): string | undefined
  isUsed(slot: number): boolean
  remove(slot: number): void
}

/** Places of the table, at least; a power of two, as always. */
const CAPACITY_MIN = 64

/** Places of the table, at least, for each key. */
const PLACES_PER_KEY = 2

const FREE = 0

/** Length of a key whose slot is free. */
const NO_KEY = 0xffff

const LENGTH_MAX = NO_KEY - 1

/** FNV-1a, mixed once more so that low bits depend on all. */
const hashOf = ({ bytes, start, end }: Span): number => {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

type State = {
  readonly arena: ReturnType<typeof createArena>
  /** One more than the slot that begins its search here, or was moved on to the next free place. */
  table: Uint32Array
  /** By slot. */
  hashes: Uint32Array
  lengths: Uint16Array
  places: Uint32Array
  readonly freeSlots: number[]
  size: number
  slotLimit: number
}

const isKey = ({ arena, lengths, places }: State, slot: number, { bytes, start, end }: Span): boolean => {
  if (lengths[slot] !== end - start) return false
  const slab = arena.slabOf(places[slot] as number)
  const shift = arena.offsetOf(places[slot] as number) - start
  for (let at = start; at < end; at++) if (slab[at + shift] !== bytes[at]) return false
  return true
}

const find = (state: State, key: Span, hash: number): number => {
  const { table, hashes } = state
  const mask = table.length - 1
  for (let at = hash & mask; table[at] !== FREE; at = (at + 1) & mask) {
    const slot = (table[at] as number) - 1
    if (hashes[slot] === hash && isKey(state, slot, key)) return slot
  }
  return -1
}

const enter = ({ table, hashes }: State, slot: number): void => {
  const mask = table.length - 1
  let at = (hashes[slot] as number) & mask
  while (table[at] !== FREE) at = (at + 1) & mask
  table[at] = slot + 1
}

const reserve = (state: State, slots: number): void => {
  state.hashes = grown(state.hashes, slots)
  state.lengths = grown(state.lengths, slots)
  state.places = grown(state.places, slots)
  if (state.size * PLACES_PER_KEY <= state.table.length) return
  state.table = new Uint32Array(state.table.length * 2)
  for (let slot = 0; slot < state.slotLimit; slot++) if (state.lengths[slot] !== NO_KEY) enter(state, slot)
}

const open = (state: State, key: Span): number => {
  const hash = hashOf(key)
  const known = find(state, key, hash)
  if (known >= 0) return known
  if (key.end - key.start > LENGTH_MAX) throw new RangeError(`a key of ${key.end - key.start} bytes`)
  const slot = state.freeSlots.pop() ?? state.slotLimit
  state.size += 1
  reserve(state, slot + 1)
  state.slotLimit = Math.max(state.slotLimit, slot + 1)
  state.hashes[slot] = hash
  state.lengths[slot] = key.end - key.start
  state.places[slot] = state.arena.put(key)
  enter(state, slot)
  return slot
}

/** Takes a slot out of the table and closes the gap: a search that went past it would end there. */
const leave = ({ table, hashes }: State, slot: number): void => {
  const mask = table.length - 1
  let gap = (hashes[slot] as number) & mask
  while (table[gap] !== slot + 1) gap = (gap + 1) & mask
  for (let at = (gap + 1) & mask; table[at] !== FREE; at = (at + 1) & mask) {
    const home = (hashes[(table[at] as number) - 1] as number) & mask
    const isReachedWithout = ((at - home) & mask) < ((at - gap) & mask)
    if (isReachedWithout) continue
    table[gap] = table[at] as number
    gap = at
  }
  table[gap] = FREE
}

/** A table without keys. */
export const createKeyTable = (): KeyTable => {
  const state: State = {
    arena: createArena(),
    table: new Uint32Array(CAPACITY_MIN),
    hashes: new Uint32Array(0),
    lengths: new Uint16Array(0),
    places: new Uint32Array(0),
    freeSlots: [],
    size: 0,
    slotLimit: 0,
  }
  const isUsed = (slot: number): boolean =>
    slot >= 0 && slot < state.slotLimit && state.lengths[slot] !== NO_KEY
  return {
    get size() {
      return state.size
    },
    get slotLimit() {
      return state.slotLimit
    },
    slotOf: (key) => find(state, key, hashOf(key)),
    open: (key) => open(state, key),
    keyOf: (slot) => {
      if (!isUsed(slot)) return undefined
      const place = state.places[slot] as number
      const start = state.arena.offsetOf(place)
      return state.arena.slabOf(place).toString('latin1', start, start + (state.lengths[slot] as number))
    },
    isUsed,
    remove: (slot) => {
      leave(state, slot)
      state.arena.free(state.places[slot] as number, state.lengths[slot] as number)
      state.lengths[slot] = NO_KEY
      state.freeSlots.push(slot)
      state.size -= 1
    },
  }
}
