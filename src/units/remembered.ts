/**
 * A pure function that remembers its last values: at least `recentMax` of them, at most twice as many. What it throws is not
 * remembered, and neither is `undefined`.
 */
export const remembered = <K, V>(compute: (argument: K) => V, recentMax: number): ((argument: K) => V) => {
  let recent = new Map<K, V>()
  let older: ReadonlyMap<K, V> = recent
  return (argument) => {
    const known = recent.get(argument)
    if (known !== undefined) return known
    const value = older.get(argument) ?? compute(argument)
    if (recent.size >= recentMax) {
      older = recent
      recent = new Map()
    }
    recent.set(argument, value)
    return value
  }
}
