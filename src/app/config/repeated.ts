import type { PathFault } from './issues.ts'

/** Items whose name another one before has. */
export const repeated = <T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  path: readonly PropertyKey[],
  what: string,
): readonly PathFault[] =>
  items.flatMap((item, index) =>
    items.findIndex((other) => nameOf(other) === nameOf(item)) < index
      ? [{ path: [...path, index], message: `${what} ${nameOf(item)} is there twice` }]
      : [],
  )
