/** What a layer lies over. */
export type BaseMap<K, V> = ReadonlyMap<K, V> & { set(key: K, value: V): unknown; delete(key: K): boolean }

/** A map that shows changes over a base without touching it until they are merged. */
export type LayeredMap<K, V> = ReadonlyMap<K, V> & {
  set(key: K, value: V): void
  delete(key: K): void
  /** What differs from the base: new values, `undefined` where removed. */
  readonly changes: ReadonlyMap<K, V | undefined>
  /** Writes the changes into the base, by `write` where that knows a shorter way, and starts anew. */
  merge(write?: (key: K, value: V) => void): void
}

/** Layers a map over `base`. Iteration shows base entries in their order, then new ones. */
export const layeredMap = <K, V>(base: BaseMap<K, V>): LayeredMap<K, V> => {
  const changes = new Map<K, V | undefined>()
  let sizeDifference = 0

  const has = (key: K): boolean => (changes.has(key) ? changes.get(key) !== undefined : base.has(key))
  const put = (key: K, value: V | undefined): void => {
    sizeDifference += Number(value !== undefined) - Number(has(key))
    changes.set(key, value)
  }
  function* entries(): MapIterator<[K, V]> {
    for (const [key, value] of base) {
      if (!changes.has(key)) yield [key, value]
      else {
        const changed = changes.get(key)
        if (changed !== undefined) yield [key, changed]
      }
    }
    for (const [key, value] of changes) if (value !== undefined && !base.has(key)) yield [key, value]
    return undefined
  }

  const map: LayeredMap<K, V> = {
    get size() {
      return base.size + sizeDifference
    },
    get: (key) => (changes.has(key) ? changes.get(key) : base.get(key)),
    has,
    entries,
    *keys() {
      for (const key of base.keys()) if (has(key)) yield key
      for (const [key, value] of changes) if (value !== undefined && !base.has(key)) yield key
      return undefined
    },
    *values() {
      for (const [, value] of entries()) yield value
      return undefined
    },
    forEach: (visit) => {
      for (const [key, value] of entries()) visit(value, key, map)
    },
    [Symbol.iterator]: entries,
    set: put,
    delete: (key) => put(key, undefined),
    changes,
    merge: (write = (key, value) => base.set(key, value)) => {
      for (const [key, value] of changes) {
        if (value === undefined) base.delete(key)
        else write(key, value)
      }
      changes.clear()
      sizeDifference = 0
    },
  }
  return map
}
