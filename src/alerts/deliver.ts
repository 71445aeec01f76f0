// Carrying the outbox to its receivers: at least once, in order per alert, with growing pauses after failures.
import type { Notification } from '../model/alert.ts'
import { messageOf } from '../model/errors.ts'
import type { Delivery, Notifier } from './notifiers/notifier.ts'

export type DeliveryLimits = {
  readonly attemptsMax: number
  readonly backoffMsMin: number
  readonly backoffMsMax: number
  /** Messages sent at the same time. */
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
 * Where messages wait. Of one alert and receiver, `due` answers only the oldest. Times are unix milliseconds. What writes
 * throws where it cannot, and has written nothing then.
 */
export type Outbox = {
  due(nowMs: number, limit: number): readonly Waiting[]
  nextDueAtMs(): number | undefined
  delivered(sequence: number, atMs: number): void
  failed(sequence: number, error: string, nextAttemptAtMs: number): void
  dead(sequence: number, error: string, atMs: number): void
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

/** Makes a deliverer; see `Deliverer`. */
export const createDeliverer = (options: DelivererOptions): Deliverer => {
  const { outbox, notifiers, limits, nowMs, random, sleep, onEvent } = options
  let interrupt = new AbortController()

  /** By sequence, what has happened to messages and is not written down yet. */
  const unrecorded = new Map<number, () => void>()

  const record = (sequence: number, notification: Notification, write: () => void): void => {
    try {
      write()
    } catch (error) {
      unrecorded.set(sequence, write)
      onEvent({ kind: 'unrecorded', notification, error: messageOf(error) })
    }
  }

  const recordAll = (): void => {
    for (const [sequence, write] of unrecorded) {
      try {
        write()
      } catch {
        return
      }
      unrecorded.delete(sequence)
    }
  }

  const settle = ({ sequence, notification, attemptCount }: Waiting, delivery: Delivery): void => {
    const atMs = nowMs()
    if (delivery.ok) {
      onEvent({ kind: 'delivered', notification })
      record(sequence, notification, () => outbox.delivered(sequence, atMs))
      return
    }
    const { error } = delivery
    const isDead = delivery.isPermanent || attemptCount + 1 >= limits.attemptsMax
    const wait = Math.max(backoffMs(attemptCount, limits, random), delivery.retryAfterMs ?? 0)
    onEvent({ kind: isDead ? 'dead' : 'failed', notification, error })
    record(sequence, notification, () =>
      isDead ? outbox.dead(sequence, error, atMs) : outbox.failed(sequence, error, Math.ceil(atMs + wait)),
    )
  }

  const dueNow = (): readonly Waiting[] =>
    outbox
      .due(nowMs(), limits.inFlightMax + unrecorded.size)
      .filter(({ sequence }) => !unrecorded.has(sequence))
      .slice(0, limits.inFlightMax)

  const waitMs = (): number => {
    if (unrecorded.size > 0) return limits.backoffMsMin
    const next = outbox.nextDueAtMs()
    return next === undefined ? limits.backoffMsMax : Math.max(next - nowMs(), 10)
  }

  const deliverDue = async (signal: AbortSignal): Promise<number> => {
    let count = 0
    while (!signal.aborted) {
      recordAll()
      const due = dueNow()
      if (due.length === 0) break
      count += due.length
      await Promise.all(
        due.map(async (waiting) => {
          const notifier = notifiers.get(waiting.notification.receiver)
          const missing: Delivery = { ok: false, error: 'no such receiver is configured', isPermanent: true }
          settle(waiting, notifier ? await notifier.send(waiting.notification) : missing)
        }),
      )
    }
    return count
  }

  return {
    deliverDue,
    kick: () => interrupt.abort(),
    run: async (signal) => {
      while (!signal.aborted) {
        interrupt = new AbortController()
        await deliverDue(signal)
        const wait = waitMs()
        if (!interrupt.signal.aborted) await sleep(wait, AbortSignal.any([signal, interrupt.signal]))
      }
    },
  }
}
