// Byte strings by key, in arenas and typed arrays: what a million objects would hold, without the objects.

import { grown } from '../units/grown.ts'
import { createArena } from './arena.ts'

/**
 * Each key has a slot: a small number that is its own while it is there, and another's afterwards. `number` is any that
 * belongs to the bytes, `id` one that stays with the key until it is deleted, 0 at first.
 */
export type PackedBytes = {
  readonly slots: ReadonlyMap<string, number>
  /** One more than the highest slot ever used. */
  readonly slotLimit: number
  keyOf(slot: number): string | undefined
  bytesAt(slot: number): Uint8Array
  numberAt(slot: number): number
  idAt(slot: number): number
  setId(slot: number, id: number): void
  /** Stores bytes under a key; answers its slot. */
  put(key: string, bytes: Uint8Array, number: number): number
  delete(key: string): boolean
}

type Columns = {
  readonly keys: (string | undefined)[]
  places: Float64Array
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
  const slots = new Map<string, number>()
  const freeSlots: number[] = []
  const columns: Columns = {
    keys: [],
    places: new Float64Array(0),
    lengths: new Uint32Array(0),
    numbers: new Float64Array(0),
    ids: new Uint32Array(0),
  }
  const { keys } = columns
  const placeAt = (slot: number): number => columns.places[slot] as number
  const lengthAt = (slot: number): number => columns.lengths[slot] as number
  const newSlot = (key: string): number => {
    const slot = freeSlots.pop() ?? keys.length
    growTo(columns, slot + 1)
    keys[slot] = key
    slots.set(key, slot)
    return slot
  }
  return {
    slots,
    get slotLimit() {
      return keys.length
    },
    keyOf: (slot) => keys[slot],
    bytesAt: (slot) => arena.at(placeAt(slot), lengthAt(slot)),
    numberAt: (slot) => columns.numbers[slot] as number,
    idAt: (slot) => columns.ids[slot] ?? 0,
    setId: (slot, id) => {
      columns.ids[slot] = id
    },
    put: (key, bytes, number) => {
      const known = slots.get(key)
      const slot = known ?? newSlot(key)
      if (known !== undefined) arena.free(placeAt(slot), lengthAt(slot))
      columns.places[slot] = arena.put(bytes)
      columns.lengths[slot] = bytes.length
      columns.numbers[slot] = number
      return slot
    },
    delete: (key) => {
      const slot = slots.get(key)
      if (slot === undefined) return false
      arena.free(placeAt(slot), lengthAt(slot))
      slots.delete(key)
      keys[slot] = undefined
      columns.ids[slot] = 0
      freeSlots.push(slot)
      return true
    },
  }
}
