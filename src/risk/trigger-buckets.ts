// Positions of one index in buckets of about the same price, each a list: entered, moved and left at once, walked in the order of prices.
import { grown } from '../units/grown.ts'

/** Prices of one bucket differ by up to a 32nd of a doubling. */
const PER_OCTAVE = 32

/** Buckets reach as many doublings down and up from where they begin; the last ones take what lies beyond. */
const OCTAVES = 16

const COUNT = 2 * OCTAVES * PER_OCTAVE

const NONE = -1

/** `down`: from this price on downwards, `up`: upwards; `always`: at any price. */
export type Direction = 'down' | 'up' | 'always'

/** Lists of one price feed, by bucket; entries are numbers of the pool. `base` is the logarithm of the first bucket's price. */
export type Lists = {
  readonly base: number
  readonly down: Int32Array
  readonly up: Int32Array
  readonly always: Int32Array
}

/** Lists around a price. */
export const createLists = (price: number): Lists => ({
  base: Math.log2(price) - OCTAVES,
  down: new Int32Array(COUNT).fill(NONE),
  up: new Int32Array(COUNT).fill(NONE),
  always: new Int32Array(1).fill(NONE),
})

/** The bucket of a price: never a lower one for a higher price. */
const bucketOf = ({ base }: Lists, price: number): number =>
  Math.min(Math.max(Math.floor((Math.log2(price) - base) * PER_OCTAVE), 0), COUNT - 1)

/** Entries of all lists; those of one slot hang together. */
export type Pool = {
  slots: Int32Array
  nexts: Int32Array
  previous: Int32Array
  heads: Int32Array
  siblings: Int32Array
  lists: Int32Array[]
  /** By slot: its first entry. */
  ofSlot: Int32Array
  free: number
  count: number
}

export const createPool = (): Pool => ({
  slots: new Int32Array(0),
  nexts: new Int32Array(0),
  previous: new Int32Array(0),
  heads: new Int32Array(0),
  siblings: new Int32Array(0),
  lists: [],
  ofSlot: new Int32Array(0),
  free: NONE,
  count: 0,
})

const newEntry = (pool: Pool): number => {
  if (pool.free !== NONE) {
    const entry = pool.free
    pool.free = pool.nexts[entry] as number
    return entry
  }
  const entry = pool.count++
  pool.slots = grown(pool.slots, pool.count)
  pool.nexts = grown(pool.nexts, pool.count)
  pool.previous = grown(pool.previous, pool.count)
  pool.heads = grown(pool.heads, pool.count)
  pool.siblings = grown(pool.siblings, pool.count)
  return entry
}

/** Enters a slot where a price puts it. */
export const enter = (pool: Pool, slot: number, lists: Lists, direction: Direction, price: number): void => {
  const list = lists[direction]
  const head = direction === 'always' ? 0 : bucketOf(lists, price)
  const entry = newEntry(pool)
  pool.ofSlot = grown(pool.ofSlot, slot + 1, NONE)
  const first = list[head] as number
  pool.slots[entry] = slot
  pool.nexts[entry] = first
  pool.previous[entry] = NONE
  pool.heads[entry] = head
  pool.lists[entry] = list
  pool.siblings[entry] = pool.ofSlot[slot] as number
  if (first !== NONE) pool.previous[first] = entry
  list[head] = entry
  pool.ofSlot[slot] = entry
}

/** Takes a slot out of all lists. */
export const leave = (pool: Pool, slot: number): void => {
  let entry = pool.ofSlot[slot] ?? NONE
  while (entry !== NONE) {
    const next = pool.nexts[entry] as number
    const before = pool.previous[entry] as number
    const list = pool.lists[entry]
    if (before !== NONE) pool.nexts[before] = next
    else if (list) list[pool.heads[entry] as number] = next
    if (next !== NONE) pool.previous[next] = before
    const sibling = pool.siblings[entry] as number
    pool.nexts[entry] = pool.free
    pool.free = entry
    entry = sibling
  }
  if (slot < pool.ofSlot.length) pool.ofSlot[slot] = NONE
}

const walkList = (pool: Pool, first: number, visit: (slot: number) => void): void => {
  for (let entry = first; entry !== NONE; entry = pool.nexts[entry] as number)
    visit(pool.slots[entry] as number)
}

/**
 * Visits slots in the order in which a price that moves in a direction meets them, from the far end on, bucket by bucket,
 * as long as `goesOn`: it is told a price that no slot yet to come is met before.
 */
export const walk = (
  pool: Pool,
  lists: Lists,
  direction: 'down' | 'up',
  goesOn: (price: number) => boolean,
  visit: (slot: number) => void,
): void => {
  walkList(pool, lists.always[0] as number, visit)
  const list = lists[direction]
  for (let step = 0; step < COUNT; step++) {
    const bucket = direction === 'down' ? COUNT - 1 - step : step
    const first = list[bucket] as number
    if (first === NONE) continue
    const isLast = direction === 'down' ? bucket === COUNT - 1 : bucket === 0
    const edge = 2 ** (lists.base + (direction === 'down' ? bucket + 1 : bucket) / PER_OCTAVE)
    const nearest = isLast ? (direction === 'down' ? Number.POSITIVE_INFINITY : 0) : edge
    if (!goesOn(nearest)) return
    walkList(pool, first, visit)
  }
}
