// Following one chain: a cycle at every head, discovery and backlog in between, errors reported and survived.
import type { Chain, Header } from '../chain/chain.ts'
import { messageOf } from '../model/errors.ts'
import { type Discovery, isDiscovering, type Tracked } from '../store/book.ts'
import { type CycleOutcome, type Follower, runCycle } from './cycle.ts'
import { type DiscoveryProgress, discoverStep, searched } from './discovery.ts'

/** What following tells of itself, for logs, progress and metrics. */
export type FollowEvent =
  | { readonly kind: 'cycle'; readonly outcome: CycleOutcome }
  | { readonly kind: 'discovery'; readonly progress: DiscoveryProgress }
  | { readonly kind: 'error'; readonly stage: 'head' | 'cycle' | 'discovery'; readonly error: unknown }

export type FollowOptions = {
  readonly signal: AbortSignal
  onEvent(event: FollowEvent): void
  /** At least this long from the start of one cycle to the next; blocks in between are taken together. */
  readonly cycleIntervalMsMin: number
  /** Waits this long after a failed cycle before it is tried again, at the same head if there is no newer one. */
  readonly retryAfterMs: number
  nowMs(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

type Discoverable = Tracked & { discovery: Discovery }

const hasBacklog = ({ book }: Follower): boolean => book.tracked.some(({ pending }) => pending.size > 0)

/** A deployment whose borrowers or markets are still to be found, and can be: its contracts are known, and the search did not fail at this head. */
const discoverable = ({ book }: Follower): Discoverable | undefined =>
  book.tracked.find(
    (tracked): tracked is Discoverable =>
      tracked.discovery !== undefined &&
      isDiscovering(tracked) &&
      (tracked.unlisted === undefined || tracked.unlisted.hash !== book.cursor?.hash) &&
      searched(tracked.adapter, tracked.mirror, tracked.discovery.scope).length > 0,
  )

/**
 * A step of a search at a head. Where only watched accounts are followed, an endpoint that serves no logs must not stop
 * what needs none: that markets could not be listed is told, and tried again with the next head.
 */
const discover = async (
  { chain, database }: Follower,
  tracked: Discoverable,
  head: Header,
  onEvent: FollowOptions['onEvent'],
): Promise<void> => {
  try {
    const progress = await discoverStep(chain, database, tracked, tracked.discovery)
    tracked.unlisted = undefined
    onEvent({ kind: 'discovery', progress })
  } catch (error) {
    if (tracked.discovery.scope === 'borrowers') throw error
    tracked.unlisted = { hash: head.hash, detail: messageOf(error) }
    onEvent({ kind: 'error', stage: 'discovery', error })
  }
}

/** True while borrowers are still being searched for or read. */
export const isBootstrapping = (follower: Follower): boolean =>
  discoverable(follower) !== undefined || hasBacklog(follower)

/**
 * Does one piece of work at `head`: a cycle where the head is new or a backlog waits, else a step of discovery. Answers
 * whether more work is left at this head.
 */
export const advance = async (
  follower: Follower,
  head: Header,
  onEvent: FollowOptions['onEvent'],
): Promise<boolean> => {
  const tracked = discoverable(follower)
  const isNewHead = follower.book.cursor?.hash !== head.hash
  if (!isNewHead && tracked) {
    await discover(follower, tracked, head, onEvent)
    return isBootstrapping(follower)
  }
  const outcome = await runCycle(follower, head)
  onEvent({ kind: 'cycle', outcome })
  return outcome.kind === 'committed' && isBootstrapping(follower) && follower.book.cursor?.hash === head.hash
}

/** Follows the chain until the signal aborts. A failed cycle changes nothing and is tried again with the next head. */
export const followChain = async (
  chain: Chain,
  follower: Follower,
  options: FollowOptions,
): Promise<void> => {
  const { signal, onEvent, cycleIntervalMsMin, retryAfterMs, nowMs, sleep } = options
  let newest: Header | undefined
  let wake = (): void => undefined
  const headReader = (async () => {
    for await (const head of chain.heads(signal, (error) =>
      onEvent({ kind: 'error', stage: 'head', error }),
    )) {
      newest = head
      wake()
    }
    wake()
  })()
  while (!signal.aborted) {
    const head = newest
    if (!head) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    newest = undefined
    const startedAtMs = nowMs()
    try {
      let hasMore = await advance(follower, head, onEvent)
      while (hasMore && !newest && !signal.aborted) hasMore = await advance(follower, head, onEvent)
    } catch (error) {
      onEvent({ kind: 'error', stage: 'cycle', error })
      newest ??= head
      await sleep(retryAfterMs, signal)
    }
    const restMs = cycleIntervalMsMin - (nowMs() - startedAtMs)
    if (restMs > 0) await sleep(restMs, signal)
  }
  await headReader
}

/** Follows the chain up to `target`, with discovery and backlog done, then returns. */
export const syncTo = async (
  follower: Follower,
  target: Header,
  onEvent: FollowOptions['onEvent'],
  signal: AbortSignal,
): Promise<void> => {
  let hasMore = true
  while (hasMore && !signal.aborted) hasMore = await advance(follower, target, onEvent)
}
