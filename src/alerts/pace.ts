// How fast one receiver is sent to: no more in a minute than it takes, one at a time while it fails, not at all while it wants rest.
import type { Delivery } from './notifiers/notifier.ts'

const MINUTE_MS = 60_000
/** No receiver is left alone for longer, whatever it asks. */
const RETRY_AFTER_MS_MAX = 86_400_000
/** After so many rounds without success it has been away, not stumbled. */
const OUTAGE_ROUNDS = 3

export type PaceLimits = { readonly inFlightMax: number; readonly messagesPerMinuteMax: number | undefined }

/** Times are unix milliseconds. */
export type Pace = {
  /** How many messages may be sent now. */
  allowance(nowMs: number): number
  /** When the next may be sent: now or later. */
  readyAtMs(nowMs: number): number
  /** Notes messages that are about to be sent. */
  sending(count: number, nowMs: number): void
  /** Takes what became of messages that were sent together; answers whether the receiver is back after it was away. */
  settled(deliveries: readonly Delivery[], nowMs: number): boolean
}

/** How long a receiver wants to be left alone after an attempt, in milliseconds. */
export const restMs = (delivery: Delivery): number =>
  delivery.ok ? 0 : Math.min(delivery.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX)

/** The pace of one receiver; `backoffMs` is how long it rests after so many failures before. */
export const createPace = (
  { inFlightMax, messagesPerMinuteMax }: PaceLimits,
  backoffMs: (failureCount: number) => number,
): Pace => {
  let sentAtMs: readonly number[] = []
  let heldUntilMs = 0
  let failedRounds = 0
  const within = (nowMs: number): readonly number[] => sentAtMs.filter((at) => at > nowMs - MINUTE_MS)
  return {
    allowance: (nowMs) => {
      if (nowMs < heldUntilMs) return 0
      const free =
        messagesPerMinuteMax === undefined ? inFlightMax : messagesPerMinuteMax - within(nowMs).length
      return Math.max(0, Math.min(free, failedRounds > 0 ? 1 : inFlightMax))
    },
    readyAtMs: (nowMs) => {
      const recent = within(nowMs)
      const isSpent = messagesPerMinuteMax !== undefined && recent.length >= messagesPerMinuteMax
      const freeAtMs = isSpent ? (recent.at(-messagesPerMinuteMax) ?? nowMs) + MINUTE_MS : nowMs
      return Math.max(nowMs, heldUntilMs, freeAtMs)
    },
    sending: (count, nowMs) => {
      if (messagesPerMinuteMax !== undefined)
        sentAtMs = [...within(nowMs), ...Array<number>(count).fill(nowMs)]
    },
    settled: (deliveries, nowMs) => {
      const isAlive = deliveries.some(({ ok }) => ok)
      const isFailing = deliveries.some((one) => !one.ok && (one.isReceiverWide || one.isRateLimited))
      const wasAway = failedRounds >= OUTAGE_ROUNDS
      const backoff = isFailing && !isAlive ? backoffMs(failedRounds) : 0
      failedRounds = isAlive || !isFailing ? 0 : failedRounds + 1
      const asked = Math.max(0, ...deliveries.map(restMs))
      heldUntilMs = Math.max(heldUntilMs, nowMs + Math.ceil(Math.max(asked, backoff)))
      return isAlive && wasAway
    },
  }
}
