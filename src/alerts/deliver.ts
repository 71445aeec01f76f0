// Carrying the outbox to its receivers: at least once, in order per alert, with growing pauses after failures.
import type { Notification } from '../model/alert.ts'
import type { Delivery, Notifier } from './notifiers/notifier.ts'
import { createPace, type Pace } from './pace.ts'
import { createRecorder, type Recorder } from './recording.ts'

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
}

const backoffMs = (
  attemptCount: number,
  { backoffMsMin, backoffMsMax }: DeliveryLimits,
  random: () => number,
): number => Math.min(backoffMsMin * 2 ** Math.min(attemptCount, 20), backoffMsMax) * (0.5 + random() / 2)

/** Tells, and writes down, what became of an attempt. */
const settle = (
  { outbox, limits, nowMs, random, onEvent }: DelivererOptions,
  recorder: Recorder,
  { sequence, notification, attemptCount }: Waiting,
  delivery: Delivery,
): void => {
  const atMs = nowMs()
  const record = (write: () => void): void => recorder.record(sequence, notification, write)
  if (delivery.ok) {
    onEvent({ kind: 'delivered', notification })
    record(() => outbox.delivered(sequence, atMs))
  } else if (delivery.isPermanent || (attemptCount + 1 >= limits.attemptsMax && !delivery.isRateLimited)) {
    onEvent({ kind: 'dead', notification, error: delivery.error })
    record(() => outbox.dead(sequence, delivery.error, atMs))
  } else {
    const wait = Math.max(backoffMs(attemptCount, limits, random), delivery.retryAfterMs ?? 0)
    onEvent({ kind: 'failed', notification, error: delivery.error })
    record(() => outbox.failed(sequence, delivery.error, Math.ceil(atMs + wait)))
  }
}

const NO_RECEIVER: Delivery = { ok: false, error: 'no such receiver is configured', isPermanent: true }

/** Makes a deliverer; see `Deliverer`. Each receiver is served by itself, so that one that is slow delays no other. */
export const createDeliverer = (options: DelivererOptions): Deliverer => {
  const { outbox, notifiers, limits, nowMs, sleep, onEvent } = options
  let interrupt = new AbortController()
  const recorder = createRecorder((notification, error) =>
    onEvent({ kind: 'unrecorded', notification, error }),
  )

  const paces = new Map<string, Pace>()
  const paceOf = (receiver: string): Pace => {
    const { inFlightMax = limits.inFlightMax, messagesPerMinuteMax } = notifiers.get(receiver) ?? {}
    const pace =
      paces.get(receiver) ??
      createPace({ inFlightMax, messagesPerMinuteMax }, (failureCount) =>
        backoffMs(failureCount, limits, options.random),
      )
    paces.set(receiver, pace)
    return pace
  }

  const dueFor = (receiver: string): readonly Waiting[] => {
    recorder.retry()
    const countMax = paceOf(receiver).allowance(nowMs())
    if (countMax === 0) return []
    return outbox
      .due(receiver, nowMs(), countMax + recorder.waitingCount())
      .filter(({ sequence }) => !recorder.isWaiting(sequence))
      .slice(0, countMax)
  }

  const waitMs = (receiver: string): number => {
    if (recorder.waitingCount() > 0) return limits.backoffMsMin
    const next = outbox.nextDueAtMs(receiver)
    if (next === undefined) return limits.backoffMsMax
    return Math.max(next - nowMs(), paceOf(receiver).readyAtMs(nowMs()) - nowMs(), 10)
  }

  const send = async (receiver: string, due: readonly Waiting[]): Promise<void> => {
    const notifier = notifiers.get(receiver)
    const pace = paceOf(receiver)
    pace.sending(due.length, nowMs())
    const deliveries = await Promise.all(
      due.map(async (waiting) => {
        const delivery = notifier ? await notifier.send(waiting.notification) : NO_RECEIVER
        settle(options, recorder, waiting, delivery)
        return delivery
      }),
    )
    if (pace.settled(deliveries, nowMs())) recorder.attempt(() => outbox.hasten(receiver, nowMs()))
  }

  const deliverTo = async (receiver: string, signal: AbortSignal): Promise<number> => {
    let count = 0
    while (!signal.aborted) {
      const due = dueFor(receiver)
      if (due.length === 0) break
      count += due.length
      await send(receiver, due)
    }
    return count
  }

  /** Those who are configured, and those who no longer are but for whom something waits. */
  const everybody = (): readonly string[] => [...new Set([...notifiers.keys(), ...outbox.receivers()])]

  const serve = async (receiver: string, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const interrupted = interrupt.signal
      await deliverTo(receiver, signal)
      if (!interrupted.aborted) await sleep(waitMs(receiver), AbortSignal.any([signal, interrupted]))
    }
  }

  return {
    deliverDue: async (signal) => {
      const counts = await Promise.all(everybody().map((receiver) => deliverTo(receiver, signal)))
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
