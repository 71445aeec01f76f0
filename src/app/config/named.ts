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

type Named = { readonly name: string }

/** What is wrong where a receiver of that name is wanted; undefined where there is one. */
export const receiverFault = (name: string, receivers: readonly Named[]): string | undefined =>
  receivers.some((receiver) => receiver.name === name)
    ? undefined
    : `there is no receiver ${name}; list it under receivers`

/** The names of a list of receivers that are not there. */
export const receiverFaults = (
  wanted: readonly string[],
  receivers: readonly Named[],
  path: readonly PropertyKey[],
): readonly PathFault[] =>
  wanted.flatMap((name, at) => {
    const message = receiverFault(name, receivers)
    return message === undefined ? [] : [{ path: [...path, at], message }]
  })
