// Following one chain: a cycle at every head, finding and reading the book in between, errors reported and survived.
import type { Chain, Header } from '../chain/chain.ts'
import { type BootstrapEvent, createBootstrap } from './bootstrap.ts'
import { type Follower, runCycle } from './cycle.ts'
import { createLatestHead } from './latest-head.ts'

/** What following tells of itself, for logs, progress and metrics. */
export type FollowEvent =
  | BootstrapEvent
  | {
      readonly kind: 'error'
      readonly stage: 'head' | 'cycle' | 'discovery' | 'alerts' | 'wiring' | 'lookout' | 'liquidations'
      readonly error: unknown
    }

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

/** A piece of reading takes at least about this long, however short the time between two cycles: less is not worth its fixed cost. */
const PIECE_MS_MIN = 1_000
/** Where no cycle is waited for, pieces are as long as one would not like to do again after a kill. */
const SYNC_PIECE_MS = 10_000

/**
 * Follows the chain until the signal aborts. A failed cycle changes nothing and is tried again with the next head. A
 * cycle that is due never waits for the bootstrap, which gives way and goes on after it.
 */
export const followChain = async (
  chain: Chain,
  follower: Follower,
  options: FollowOptions,
): Promise<void> => {
  const { signal, cycleIntervalMsMin, retryAfterMs, nowMs, sleep } = options
  const onEvent = (event: FollowEvent): void => {
    if (!signal.aborted || event.kind !== 'error') options.onEvent(event)
  }
  const heads = createLatestHead(chain, signal, (error) => onEvent({ kind: 'error', stage: 'head', error }))
  const targetMs = Math.max(PIECE_MS_MIN, cycleIntervalMsMin / 2)
  const bootstrap = createBootstrap(follower, { signal, targetMs, onEvent, nowMs })
  let dueAtMs = nowMs()
  let last: Header | undefined

  /** Aborts when a head is there and the next cycle may begin. */
  const nextDue = (): AbortSignal => {
    const due = new AbortController()
    const wait = async (): Promise<void> => {
      await heads.available()
      await sleep(Math.max(0, dueAtMs - nowMs()), signal)
      due.abort()
    }
    void wait()
    return due.signal
  }
  const bootstrapUntil = async (due: AbortSignal): Promise<void> => {
    let hasMore = true
    while (last && hasMore && !due.aborted) {
      try {
        hasMore = await bootstrap.advance(last, due)
      } catch (error) {
        onEvent({ kind: 'error', stage: 'discovery', error })
        await sleep(retryAfterMs, due)
      }
    }
    if (!due.aborted) await new Promise((resolve) => due.addEventListener('abort', resolve, { once: true }))
  }
  const cycle = async (head: Header): Promise<void> => {
    const startedAtMs = nowMs()
    try {
      const backlogKeysMax = bootstrap.keysWithCycle()
      const outcome = await runCycle(follower, head, { read: chain.read, backlogKeysMax })
      if (outcome.kind === 'committed' && outcome.reorgDepth > 0n) bootstrap.forget()
      last = head
      dueAtMs = startedAtMs + cycleIntervalMsMin
      onEvent({ kind: 'cycle', outcome, durationMs: nowMs() - startedAtMs })
      if (outcome.kind === 'committed' && outcome.liquidationsFault)
        onEvent({ kind: 'error', stage: 'liquidations', error: outcome.liquidationsFault })
    } catch (error) {
      onEvent({ kind: 'error', stage: 'cycle', error })
      heads.putBack(head)
      dueAtMs = nowMs() + retryAfterMs
    }
  }

  while (!signal.aborted) {
    await bootstrapUntil(nextDue())
    const head = signal.aborted ? undefined : heads.take()
    if (head) await cycle(head)
  }
}

/** Follows the chain up to `target`, with finding and reading done, then returns. Throws what the chain throws; what was committed stays. */
export const syncTo = async (
  follower: Follower,
  target: Header,
  onEvent: FollowOptions['onEvent'],
  signal: AbortSignal,
  nowMs: () => number = () => 0,
): Promise<void> => {
  const bootstrap = createBootstrap(follower, { signal, targetMs: SYNC_PIECE_MS, onEvent, nowMs })
  const outcome = await runCycle(follower, target, { read: follower.chain.read, backlogKeysMax: 0 })
  onEvent({ kind: 'cycle', outcome })
  while (!signal.aborted && (await bootstrap.advance(target, signal)));
}
