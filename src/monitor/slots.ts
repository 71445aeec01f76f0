/** Small numbers for keys: each has one of its own while it is there, and another key may have it afterwards. */
export type Slots = {
  slotOf(key: string): number | undefined
  keyOf(slot: number): string | undefined
  add(key: string): number
  remove(key: string): void
}

export const createSlots = (): Slots => {
  const slots = new Map<string, number>()
  const keys: (string | undefined)[] = []
  const free: number[] = []
  return {
    slotOf: (key) => slots.get(key),
    keyOf: (slot) => keys[slot],
    add: (key) => {
      const slot = slots.get(key) ?? free.pop() ?? keys.length
      slots.set(key, slot)
      keys[slot] = key
      return slot
    },
    remove: (key) => {
      const slot = slots.get(key)
      if (slot === undefined) return
      slots.delete(key)
      keys[slot] = undefined
      free.push(slot)
    },
  }
}
