// The life of one alert: inactive → pending → firing → resolved, on chain time. Words and semantics of Prometheus.
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

export type Transition = 'none' | 'pending' | 'firing' | 'resolved' | 'cancelled'

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

const stepFiring = (
  episode: Episode,
  { until, timestamp }: Observation,
  { keepFiringForSeconds }: Timing,
): Step => {
  const { clearedAt, ...rest } = episode
  if (until === 'unknown') return { episode, transition: 'none' }
  if (until === 'clear') return { episode: rest, transition: 'none' }
  const since = clearedAt ?? timestamp
  if (timestamp - since >= keepFiringForSeconds)
    return { episode: { ...rest, state: 'resolved', endsAt: timestamp }, transition: 'resolved' }
  return { episode: { ...rest, clearedAt: since }, transition: 'none' }
}

/**
 * One step at one block. `unknown` neither begins, fires nor resolves: a pending alert waits, with its time running, and
 * fires at the first block that is known to meet the condition again.
 */
export const step = (previous: Episode | undefined, observation: Observation, timing: Timing): Step => {
  if (!previous || previous.state === 'resolved')
    return observation.when === 'met'
      ? begin(previous, observation.timestamp, timing)
      : { episode: previous, transition: 'none' }
  return previous.state === 'pending'
    ? stepPending(previous, observation, timing)
    : stepFiring(previous, observation, timing)
}
