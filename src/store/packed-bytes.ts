// Byte strings by key, in arenas and typed arrays: what a million objects would hold, without the objects.
import { grown } from '../units/grown.ts'
import { createArena } from './arena.ts'
import { createKeyTable, type KeyTable } from './key-table.ts'
import type { Span } from './span.ts'

/**
 * Byte strings under the slots of their keys. `number` is any that belongs to the bytes, `id` one that stays with the key
 * until it is deleted, 0 at first.
 */
export type PackedBytes = {
  readonly keys: Pick<KeyTable, 'size' | 'slotLimit' | 'slotOf' | 'keyOf' | 'isUsed'>
  /** The bytes of a slot in use, not copied. Written over by the next call: valid until then, and until they are replaced. */
  spanAt(slot: number): Readonly<Span>
  numberAt(slot: number): number
  idAt(slot: number): number
  setId(slot: number, id: number): void
  /** Stores bytes under a key; answers its slot. */
  put(key: Span, bytes: Span, number: number): number
  delete(slot: number): void
}

type Columns = {
  places: Uint32Array
  lengths: Uint32Array
  numbers: Float64Array
  ids: Uint32Array
}

const growTo = (columns: Columns, count: number): void => {
  columns.places = grown(columns.places, count)
  columns.lengths = grown(columns.lengths, count)
  columns.numbers = grown(columns.numbers, count)
  columns.ids = grown(columns.ids, count)
}

export const createPackedBytes = (): PackedBytes => {
  const arena = createArena()
  const keys = createKeyTable()
  const columns: Columns = {
    places: new Uint32Array(0),
    lengths: new Uint32Array(0),
    numbers: new Float64Array(0),
    ids: new Uint32Array(0),
  }
  const found: Span = { bytes: new Uint8Array(), start: 0, end: 0 }
  const placeAt = (slot: number): number => columns.places[slot] as number
  const lengthAt = (slot: number): number => columns.lengths[slot] as number
  return {
    keys,
    spanAt: (slot) => {
      found.bytes = arena.slabOf(placeAt(slot))
      found.start = arena.offsetOf(placeAt(slot))
      found.end = found.start + lengthAt(slot)
      return found
    },
    numberAt: (slot) => columns.numbers[slot] as number,
    idAt: (slot) => columns.ids[slot] ?? 0,
    setId: (slot, id) => {
      columns.ids[slot] = id
    },
    put: (key, bytes, number) => {
      const size = keys.size
      const slot = keys.open(key)
      if (keys.size === size) arena.free(placeAt(slot), lengthAt(slot))
      else growTo(columns, slot + 1)
      columns.places[slot] = arena.put(bytes)
      columns.lengths[slot] = bytes.end - bytes.start
      columns.numbers[slot] = number
      return slot
    },
    delete: (slot) => {
      arena.free(placeAt(slot), lengthAt(slot))
      keys.remove(slot)
      columns.ids[slot] = 0
    },
  }
}
