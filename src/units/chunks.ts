/** A list in pieces of at most `max`. */
export const chunksOf = <T>(list: readonly T[], max: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / max) }, (_, index) =>
    list.slice(index * max, (index + 1) * max),
  )
