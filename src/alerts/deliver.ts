// Carrying the outbox to its receivers: at least once, in order per alert, with growing pauses after failures.
import type { Notification } from '../model/alert.ts'
import { createLane, type Lane } from './deliver-lane.ts'
import type { Notifier } from './notifiers/notifier.ts'
import { createRecorder } from './recording.ts'

export type DeliveryLimits = {
  readonly attemptsMax: number
  readonly backoffMsMin: number
  readonly backoffMsMax: number
  /** Messages sent to one receiver at the same time, where its notifier sets no limit of its own. */
  readonly inFlightMax: number
}

export const defaultDeliveryLimits: DeliveryLimits = {
  attemptsMax: 40,
  backoffMsMin: 1_000,
  backoffMsMax: 600_000,
  inFlightMax: 8,
}

/** A message that waits; `attemptCount` counts failed attempts. */
export type Waiting = {
  readonly sequence: number
  readonly notification: Notification
  readonly attemptCount: number
}

/**
 * Where messages wait. Of one alert, `due` answers only the oldest for a receiver. Times are unix milliseconds. What writes
 * throws where it cannot, and has written nothing then.
 */
export type Outbox = {
  /** For whom something waits. */
  receivers(): readonly string[]
  due(receiver: string, nowMs: number, limit: number): readonly Waiting[]
  nextDueAtMs(receiver: string): number | undefined
  delivered(sequence: number, atMs: number): void
  failed(sequence: number, error: string, nextAttemptAtMs: number): void
  dead(sequence: number, error: string, atMs: number): void
  /** Makes everything that waits for a receiver due at once: it is back after it was away. */
  hasten(receiver: string, atMs: number): void
}

export type DeliveryEvent = {
  /** `unrecorded`: what became of an attempt could not be written down; it is not sent again before it is. */
  readonly kind: 'delivered' | 'failed' | 'dead' | 'unrecorded'
  readonly notification: Notification
  readonly error?: string
}

export type DelivererOptions = {
  readonly outbox: Outbox
  readonly notifiers: ReadonlyMap<string, Notifier>
  readonly limits: DeliveryLimits
  nowMs(): number
  /** In [0, 1): spreads attempts, so that many do not come back at once. */
  random(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  onEvent(event: DeliveryEvent): void
}

export type Deliverer = {
  /** Delivers until the signal aborts; what is being sent then is finished first. */
  run(signal: AbortSignal): Promise<void>
  /** Says that new messages were committed. */
  kick(): void
  /** Delivers what is due now, then returns how much. */
  deliverDue(signal: AbortSignal): Promise<number>
  /** Until when a receiver is left alone, because it failed, wanted it, or had what it takes in a minute; undefined where it is not. Unix milliseconds. */
  restsUntilMs(receiver: string): number | undefined
}

/** Makes a deliverer; see `Deliverer`. Each receiver is served by itself, so that one that is slow delays no other. */
export const createDeliverer = (options: DelivererOptions): Deliverer => {
  const { outbox, notifiers, nowMs, sleep, onEvent } = options
  let interrupt = new AbortController()
  const recorder = createRecorder((notification, error) =>
    onEvent({ kind: 'unrecorded', notification, error }),
  )

  const lanes = new Map<string, Lane>()
  const laneOf = (receiver: string): Lane => {
    const lane = lanes.get(receiver) ?? createLane(options, recorder, receiver)
    lanes.set(receiver, lane)
    return lane
  }

  /** Those who are configured, and those who no longer are but for whom something waits. */
  const everybody = (): readonly string[] => [...new Set([...notifiers.keys(), ...outbox.receivers()])]

  const serve = async (receiver: string, signal: AbortSignal): Promise<void> => {
    const lane = laneOf(receiver)
    while (!signal.aborted) {
      const interrupted = interrupt.signal
      await lane.deliverDue(signal)
      if (!interrupted.aborted) await sleep(lane.waitMs(), AbortSignal.any([signal, interrupted]))
    }
  }

  return {
    restsUntilMs: (receiver) => {
      const readyAtMs = lanes.get(receiver)?.readyAtMs() ?? 0
      return readyAtMs > nowMs() ? readyAtMs : undefined
    },
    deliverDue: async (signal) => {
      const counts = await Promise.all(everybody().map((receiver) => laneOf(receiver).deliverDue(signal)))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    kick: () => {
      const kicked = interrupt
      interrupt = new AbortController()
      kicked.abort()
    },
    run: async (signal) => {
      await Promise.all(everybody().map((receiver) => serve(receiver, signal)))
    },
  }
}
