// The block at a time: few headers on a chain whose blocks come evenly, never more than twice the halvings.
import type { Mark } from '../store/observed.ts'

/** `low` is not after the time that is looked for, `high` is. */
export type Bracket = { readonly low: Mark; readonly high: Mark }

/** Where the block would be if blocks between the two came evenly; strictly between them. */
const even = ({ low, high }: Bracket, timestamp: number): bigint => {
  const parts = BigInt(timestamp - low.timestamp) * (high.number - low.number)
  const guess = low.number + parts / BigInt(high.timestamp - low.timestamp)
  if (guess <= low.number) return low.number + 1n
  return guess >= high.number ? high.number - 1n : guess
}

/**
 * The last block not after a time, and the one behind it. `markOf` answers the number and time of a block. Guesses by time
 * and halvings take turns.
 */
export const blockAt = async (
  timestamp: number,
  bracket: Bracket,
  markOf: (number: bigint) => Promise<Mark>,
): Promise<Bracket> => {
  let { low, high } = bracket
  for (let step = 0; high.number - low.number > 1n; step++) {
    const number = step % 3 === 2 ? (low.number + high.number) / 2n : even({ low, high }, timestamp)
    const mark = await markOf(number)
    if (mark.timestamp <= timestamp) low = mark
    else high = mark
  }
  return { low, high }
}
