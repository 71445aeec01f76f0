/** A seeded source of chance: the same seed gives the same run. */
export type Random = {
  /** In [0, 1). */
  next(): number
  /** Whole, from `min` to `max`, both included. */
  integer(min: number, max: number): number
  /** Below `limit`, which is above 0. */
  bigint(limit: bigint): bigint
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** `count` different members, fewer when the list is shorter. */
  sample<T>(list: readonly T[], count: number): T[]
  /** Between `min` and `max`, every order of magnitude equally likely. */
  magnitude(min: number, max: number): number
}

const UINT32 = 2 ** 32

/** mulberry32: 32 bits of state, fine for tests. */
const mulberry32 = (seed: number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

export const createRandom = (seed: number): Random => {
  const uint32 = mulberry32(seed)
  const next = () => uint32() / UINT32
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[integer(0, list.length - 1)] as T
  }
  return {
    next,
    integer,
    pick,
    bigint: (limit) => {
      let value = 0n
      for (let bound = 1n; bound < limit << 32n; bound <<= 32n) value = (value << 32n) | BigInt(uint32())
      return value % limit
    },
    chance: (probability) => next() < probability,
    sample: <T>(list: readonly T[], count: number) => {
      const rest = [...list]
      const chosen: T[] = []
      while (chosen.length < count && rest.length > 0)
        chosen.push(...rest.splice(integer(0, rest.length - 1), 1))
      return chosen
    },
    magnitude: (min, max) => min * (max / min) ** next(),
  }
}
