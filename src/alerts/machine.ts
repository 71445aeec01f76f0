// The life of one alert: inactive → pending → firing → resolved, on chain time. Words and semantics of Prometheus; and what
// a reorg undoes is retracted.
import type { Alert } from '../model/alert.ts'
import type { Verdict } from './expression.ts'

/** Times of a rule in seconds. */
export type Timing = { readonly forSeconds: number; readonly keepFiringForSeconds: number }

/** What is known at one block: whether the condition is met, and whether it is over (`until`, the hysteresis). */
export type Observation = {
  readonly when: Verdict
  readonly until: Verdict
  /** Chain time in seconds; may run backwards after a reorg. */
  readonly timestamp: number
}

export type Transition = 'none' | 'pending' | 'firing' | 'resolved' | 'retracted' | 'cancelled'

/** The part of an alert that the machine decides. */
export type Episode = Pick<Alert, 'state' | 'activeAt' | 'startsAt' | 'clearedAt' | 'endsAt'>

export type Step = { readonly episode: Episode | undefined; readonly transition: Transition }

/** A new episode. After a reorg time can stand still: its `activeAt` is still later than the last one's, so that the two are told apart. */
const begin = (previous: Episode | undefined, timestamp: number, { forSeconds }: Timing): Step => {
  const activeAt = previous && previous.activeAt >= timestamp ? previous.activeAt + 1 : timestamp
  return forSeconds === 0
    ? { episode: { state: 'firing', activeAt, startsAt: activeAt }, transition: 'firing' }
    : { episode: { state: 'pending', activeAt }, transition: 'pending' }
}

const stepPending = (episode: Episode, { when, timestamp }: Observation, { forSeconds }: Timing): Step => {
  if (when === 'clear') return { episode: undefined, transition: 'cancelled' }
  const isDue = when === 'met' && timestamp - episode.activeAt >= forSeconds
  if (!isDue) return { episode, transition: 'none' }
  return { episode: { ...episode, state: 'firing', startsAt: timestamp }, transition: 'firing' }
}

/** An alert never ends while its condition is met, or may be. */
const stepFiring = (
  episode: Episode,
  { when, until, timestamp }: Observation,
  { keepFiringForSeconds }: Timing,
): Step => {
  const { clearedAt, ...rest } = episode
  if (when === 'met' || until === 'clear') return { episode: rest, transition: 'none' }
  if (when === 'unknown' || until === 'unknown') return { episode, transition: 'none' }
  const since = clearedAt ?? timestamp
  if (timestamp - since >= keepFiringForSeconds)
    return { episode: { ...rest, state: 'resolved', endsAt: timestamp }, transition: 'resolved' }
  return { episode: { ...rest, clearedAt: since }, transition: 'none' }
}

/** The end of an episode that never was, by what is the chain now. */
export const retract = (episode: Episode, timestamp: number): Step => {
  const { clearedAt: _clearedAt, ...rest } = episode
  const endsAt = Math.max(timestamp, episode.startsAt ?? episode.activeAt)
  return { episode: { ...rest, state: 'retracted', endsAt }, transition: 'retracted' }
}

/**
 * One step at one block. `unknown` neither begins, fires nor resolves: a pending alert waits, with its time running, and
 * fires at the first block that is known to meet the condition again. `isOrphaned`: the block at which the last transition came
 * about is no block of the chain any more; then a firing whose condition is known not to be met is retracted at once.
 */
export const step = (
  previous: Episode | undefined,
  observation: Observation,
  timing: Timing,
  isOrphaned = false,
): Step => {
  if (!previous || previous.state === 'resolved' || previous.state === 'retracted')
    return observation.when === 'met'
      ? begin(previous, observation.timestamp, timing)
      : { episode: previous, transition: 'none' }
  if (previous.state === 'pending') return stepPending(previous, observation, timing)
  return isOrphaned && observation.when === 'clear'
    ? retract(previous, observation.timestamp)
    : stepFiring(previous, observation, timing)
}
