// Which book it is that something was worked out of: another after every commit to it, and the same whatever else is written to the store.
import type { DaemonChain } from '../../app/face.ts'

/** Things are told apart by being others: a cycle replaces its cursor, a step of discovery its place. */
const createNumbers = () => {
  const numbers = new WeakMap<object, number>()
  let count = 0
  return (thing: object | undefined): number => {
    if (!thing) return 0
    const known = numbers.get(thing)
    if (known !== undefined) return known
    count += 1
    numbers.set(thing, count)
    return count
  }
}

const numberOf = createNumbers()

/** The version of a chain's book in memory; 0 before there is one. */
export const bookVersion = ({ state: { follower } }: DaemonChain): string =>
  follower
    ? [follower.book.cursor, ...follower.book.tracked.map(({ discovery }) => discovery)]
        .map(numberOf)
        .join('-')
    : '0'
