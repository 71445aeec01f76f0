// Long looks at the book in memory, in pieces between which the daemon does its own work.
import { setImmediate } from 'node:timers/promises'
import { ProblemError } from '../problem.ts'

/** Positions that are assessed, and positions whose bounds are looked at, between two pauses: some milliseconds each. */
export const ASSESSED_AT_ONCE = 128
export const SEEN_AT_ONCE = 16_384

/** How often a look begins anew because a cycle was committed meanwhile. */
const ATTEMPTS_MAX = 5

/** Internal: the book is another than when the look began. */
class BookChangedError extends Error {
  override readonly name = 'BookChangedError'
}

/** Lets the daemon do its work. Throws where the book is another afterwards: the look is begun anew then. */
export type Pause = () => Promise<void>

/**
 * Looks at the book as it is at one version. `look` pauses after whatever else it waits for, and between pieces of work. Throws `ProblemError` where cycles follow
 * each other faster than the look takes.
 */
export const steadily = async <T>(
  versionOf: () => string,
  look: (pause: Pause) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const version = versionOf()
    try {
      return await look(async () => {
        await setImmediate()
        if (versionOf() !== version) throw new BookChangedError()
      })
    } catch (error) {
      if (!(error instanceof BookChangedError)) throw error
    }
  }
  throw new ProblemError('unavailable', 'blocks come faster than this takes to answer', {
    remedy: 'Ask for less: a market, a smaller health range, fewer rows.',
    headers: { 'retry-after': '1' },
  })
}
