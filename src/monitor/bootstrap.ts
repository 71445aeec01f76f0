// Finding and reading a book for the first time, in the time that cycles leave.
import type { Header } from '../chain/chain.ts'
import { messageOf } from '../model/errors.ts'
import { type Discovery, isDiscovering, pendingCount, type Tracked } from '../store/book.ts'
import { DatabaseFullError } from '../store/database.ts'
import { createAhead } from './ahead.ts'
import { type CycleOutcome, type Follower, runCycle } from './cycle.ts'
import { commitFound, type DiscoveryProgress, queryOf } from './discovery.ts'
import { createPace, type Pace } from './pace.ts'

/** How far the reading of what was found is: keys read by this piece, and keys still to be read. */
export type BacklogProgress = { readonly readCount: number; readonly pendingCount: number }

/** What finding and reading tell of themselves. */
export type BootstrapEvent =
  /** `durationMs`: from the head to the commit, of cycles at a new head. */
  | { readonly kind: 'cycle'; readonly outcome: CycleOutcome; readonly durationMs?: number }
  | { readonly kind: 'discovery'; readonly progress: DiscoveryProgress }
  | { readonly kind: 'backlog'; readonly progress: BacklogProgress }
  | { readonly kind: 'error'; readonly stage: 'discovery'; readonly error: unknown }

export type BootstrapOptions = {
  /** Ends all requests. */
  readonly signal: AbortSignal
  /** About how long one piece of reading takes. */
  readonly targetMs: number
  onEvent(event: BootstrapEvent): void
  nowMs(): number
}

/** Finding and reading, piece by piece. Every piece is committed; what is not done goes on where it was. */
export type Bootstrap = {
  /**
   * Does the next piece at `head`, the block of the last cycle; answers whether more is left. When `signal` aborts, it
   * gives way at once: nothing has changed then, and logs fetched ahead are kept. Throws what the chain throws.
   */
  advance(head: Header, signal: AbortSignal): Promise<boolean>
  /** Keys that a cycle at a new head takes along. */
  keysWithCycle(): number
  /** After a reorg what was fetched ahead says nothing any more. */
  forget(): void
}

type Discoverable = Tracked & { discovery: Discovery }

const queryLeft = (tracked: Discoverable) => {
  const { scope, nextBlock, targetBlock } = tracked.discovery
  return queryOf(tracked.adapter, tracked.mirror, scope, nextBlock, targetBlock)
}

/** A deployment whose borrowers or markets are still to be found, and can be: its contracts are known, and the search did not fail at this head. */
const discoverable = ({ book }: Follower): Discoverable | undefined =>
  book.tracked.find(
    (tracked): tracked is Discoverable =>
      tracked.discovery !== undefined &&
      isDiscovering(tracked) &&
      (tracked.unlisted === undefined || tracked.unlisted.hash !== book.cursor?.hash) &&
      queryLeft(tracked as Discoverable) !== undefined,
  )

/** True while borrowers or markets are still to be found, or what was found is to be read. */
export const isBootstrapping = (follower: Follower): boolean =>
  discoverable(follower) !== undefined || pendingCount(follower.book.tracked) > 0

/** Reads a piece of the backlog at the block of the last cycle, behind all requests of cycles. */
const readBacklog = async (
  follower: Follower,
  head: Header,
  pace: Pace,
  { signal: closing, nowMs, onEvent }: BootstrapOptions,
  signal: AbortSignal,
): Promise<void> => {
  const { chain } = follower
  const before = pendingCount(follower.book.tracked)
  const startMs = nowMs()
  const { read } = chain.background(AbortSignal.any([closing, signal]))
  try {
    const outcome = await runCycle(follower, head, { read, backlogKeysMax: pace.keys() })
    const left = pendingCount(follower.book.tracked)
    pace.took(before - left, nowMs() - startMs)
    onEvent({ kind: 'cycle', outcome })
    onEvent({ kind: 'backlog', progress: { readCount: before - left, pendingCount: left } })
  } catch (error) {
    if (!signal.aborted) throw error
    pace.interrupted()
  }
}

/** The bootstrap of a follower; see `Bootstrap`. */
export const createBootstrap = (follower: Follower, options: BootstrapOptions): Bootstrap => {
  const { chain, database, book, limits } = follower
  const { onEvent } = options
  const ahead = createAhead(chain, options.signal)
  const pace = createPace(limits, options.targetMs)

  /**
   * Where only watched accounts are followed, an endpoint that serves no logs must not stop what needs none: that
   * markets could not be listed is told, and tried again with the next head.
   */
  const discover = async (tracked: Discoverable, head: Header, signal: AbortSignal): Promise<void> => {
    const query = queryLeft(tracked)
    if (!query) return
    try {
      const fetched = await ahead.next(query, signal)
      const progress = commitFound(database, tracked, tracked.discovery, fetched)
      tracked.unlisted = undefined
      onEvent({ kind: 'discovery', progress })
    } catch (error) {
      if (signal.aborted) return
      if (tracked.discovery.scope === 'borrowers' || error instanceof DatabaseFullError) throw error
      tracked.unlisted = { hash: head.hash, detail: messageOf(error) }
      onEvent({ kind: 'error', stage: 'discovery', error })
    }
  }

  return {
    forget: ahead.forget,
    keysWithCycle: pace.keysWithCycle,
    advance: async (head, signal) => {
      const tracked = discoverable(follower)
      if (tracked) await discover(tracked, head, signal)
      else if (pendingCount(follower.book.tracked) > 0 && book.cursor?.hash === head.hash)
        await readBacklog(follower, head, pace, options, signal)
      else return false
      return isBootstrapping(follower)
    },
  }
}
