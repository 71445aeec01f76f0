import type { Snapshot } from '../model/snapshot.ts'
import type { Tracked } from '../store/book.ts'
import { keepSnapshots } from '../store/snapshots.ts'
import { chunksOf } from '../units/chunks.ts'
import { assessOne, bookEnvOf } from './assessing.ts'
import type { Follower } from './cycle.ts'
import { lastOf } from './last-snapshots.ts'
import { quotesOf } from './quoting.ts'
import { snapshotOf } from './snapshotting.ts'

/** Positions that one step assesses, so that a cycle never waits long. */
const POSITIONS_PER_STEP = 500

const takeOf = (
  { database, book, attentions }: Follower,
  tracked: Tracked,
  keys: readonly string[],
): void => {
  const { cursor } = book
  if (!cursor) return
  const env = bookEnvOf(tracked, cursor, quotesOf(book.tracked))
  const taken = new Map<string, Snapshot>()
  for (const key of keys) {
    const position = tracked.mirror.positions.get(key)
    if (position) taken.set(key, snapshotOf(assessOne(tracked, position, env), 'checkpoint'))
  }
  keepSnapshots(database, book.chainId, [...taken.values()])
  const lasts = [...taken].map(([key, snapshot]) => [key, lastOf(snapshot)] as const)
  attentions.get(tracked)?.settle([], new Map(lasts))
}

/**
 * A snapshot of every position that a follower has, whatever its health did since the last: a step at a time, each at the
 * head that is committed then, so that it can go on between cycles.
 */
export function* takeCheckpoint(follower: Follower): Generator<void> {
  for (const tracked of follower.book.tracked)
    for (const keys of chunksOf([...tracked.mirror.positions.keys()], POSITIONS_PER_STEP)) {
      takeOf(follower, tracked, keys)
      yield
    }
}
