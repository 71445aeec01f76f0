import { messageOf } from '../model/errors.ts'
import type { Follower } from '../monitor/cycle.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { formatDuration } from '../units/duration.ts'
import type { ChainConfig } from './config/config.ts'

/**
 * How a chain of the daemon does: its follower once it is loaded, when its last cycle was, unix milliseconds, and how long that took, and since when it
 * has failed, with what, where it has not succeeded since.
 */
export type ChainState = {
  readonly chainConfig: ChainConfig
  follower: Follower | undefined
  lastCycleAtMs: number | undefined
  lastCycleDurationMs: number | undefined
  failure: { readonly sinceMs: number; readonly stage: string; readonly error: string } | undefined
}

/** A chain of which nothing is known yet. */
export const newChainState = (chainConfig: ChainConfig): ChainState => ({
  ...{ chainConfig, follower: undefined, failure: undefined },
  ...{ lastCycleAtMs: undefined, lastCycleDurationMs: undefined },
})

/** Takes an event of following the chain up. What is read beside the cycles is no failure of theirs. */
export const noteFollowEvent = (state: ChainState, event: FollowEvent, atMs: number): void => {
  if (event.kind === 'cycle') {
    state.lastCycleAtMs = atMs
    if (event.durationMs !== undefined) state.lastCycleDurationMs = event.durationMs
    state.failure = undefined
  } else if (event.kind === 'error' && (event.stage === 'head' || event.stage === 'cycle')) {
    const { stage } = event
    state.failure = { sinceMs: state.failure?.sinceMs ?? atMs, stage, error: messageOf(event.error) }
  }
}

/** A chain that had no cycle for this long is not known to be well: its head may be old that long, and it may be unreachable for a while. */
const quietMsMax = ({ headAgeSecondsMax = 0, unreachableSecondsMax }: ChainConfig): number =>
  (headAgeSecondsMax + unreachableSecondsMax) * 1_000

/** Why a chain is not known to be well; undefined where it is. */
export const silenceOf = ({ chainConfig, lastCycleAtMs }: ChainState, atMs: number): string | undefined => {
  if (lastCycleAtMs === undefined) return `chain ${chainConfig.id} has not been read yet`
  const quietMs = atMs - lastCycleAtMs
  if (quietMs <= quietMsMax(chainConfig)) return undefined
  return `chain ${chainConfig.id} had no cycle for ${formatDuration(quietMs / 1_000)}`
}

/**
 * Why what is known of a chain is out of date; undefined where it is not: its newest block is older than a head may be and the chain
 * may be unreachable for, or it has failed for longer than that. On a local chain, whose blocks may rest, only failures tell.
 */
export const stalenessOf = (
  { chainConfig, follower, failure }: ChainState,
  isAnswering: boolean,
  atMs: number,
): string | undefined => {
  const { id, headAgeSecondsMax, unreachableSecondsMax } = chainConfig
  const cursor = follower?.book.cursor
  if (!cursor) return `chain ${id} has not been read yet`
  const ageMs = atMs - cursor.timestamp * 1_000
  if (headAgeSecondsMax !== undefined && ageMs > quietMsMax(chainConfig))
    return `the newest block of chain ${id} is ${formatDuration(ageMs / 1_000)} old`
  const isFailing = failure && atMs - failure.sinceMs > unreachableSecondsMax * 1_000
  if (isFailing && !(failure.stage === 'head' && isAnswering))
    return `chain ${id} has failed for ${formatDuration((atMs - failure.sinceMs) / 1_000)}: ${failure.error}`
  return undefined
}
