// One receiver's way out of the outbox: at its own pace, whatever becomes of others.
import type { DelivererOptions, DeliveryLimits, Waiting } from './deliver.ts'
import type { Delivery } from './notifiers/notifier.ts'
import { createPace, restMs } from './pace.ts'
import type { Recorder } from './recording.ts'

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
    const wait = Math.max(backoffMs(attemptCount, limits, random), restMs(delivery))
    onEvent({ kind: 'failed', notification, error: delivery.error })
    record(() => outbox.failed(sequence, delivery.error, Math.ceil(atMs + wait)))
  }
}

const NO_RECEIVER: Delivery = { ok: false, error: 'no such receiver is configured', isPermanent: true }

export type Lane = {
  /** Delivers what is due now, as far as the receiver takes it; answers how many attempts that were. */
  deliverDue(signal: AbortSignal): Promise<number>
  /** How long to wait for what comes next, where nothing new is committed, in milliseconds. */
  waitMs(): number
  /** When the receiver takes a message again, unix milliseconds: now, or later where it rests. */
  readyAtMs(): number
}

/** The lane of one receiver. One that is not configured takes nothing: what waits for it is given up. */
export const createLane = (options: DelivererOptions, recorder: Recorder, receiver: string): Lane => {
  const { outbox, notifiers, limits, nowMs, random } = options
  const notifier = notifiers.get(receiver)
  const { inFlightMax = limits.inFlightMax, messagesPerMinuteMax } = notifier ?? {}
  const pace = createPace({ inFlightMax, messagesPerMinuteMax }, (failureCount) =>
    backoffMs(failureCount, limits, random),
  )

  const due = (): readonly Waiting[] => {
    recorder.retry()
    const countMax = pace.allowance(nowMs())
    if (countMax === 0) return []
    return outbox
      .due(receiver, nowMs(), countMax + recorder.waitingCount())
      .filter(({ sequence }) => !recorder.isWaiting(sequence))
      .slice(0, countMax)
  }

  const send = async (messages: readonly Waiting[]): Promise<void> => {
    pace.sending(messages.length, nowMs())
    const deliveries = await Promise.all(
      messages.map(async (waiting) => {
        const delivery = notifier ? await notifier.send(waiting.notification) : NO_RECEIVER
        settle(options, recorder, waiting, delivery)
        return delivery
      }),
    )
    if (pace.settled(deliveries, nowMs())) recorder.attempt(() => outbox.hasten(receiver, nowMs()))
  }

  return {
    readyAtMs: () => pace.readyAtMs(nowMs()),
    deliverDue: async (signal) => {
      let count = 0
      while (!signal.aborted) {
        const messages = due()
        if (messages.length === 0) break
        count += messages.length
        await send(messages)
      }
      return count
    },
    waitMs: () => {
      if (recorder.waitingCount() > 0) return limits.backoffMsMin
      const next = outbox.nextDueAtMs(receiver)
      if (next === undefined) return limits.backoffMsMax
      return Math.max(next - nowMs(), pace.readyAtMs(nowMs()) - nowMs(), 10)
    },
  }
}
