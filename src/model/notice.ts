// What receivers were told of alerts, what they were not told, and why. Times are people's: unix milliseconds, unless they say otherwise.
import type { AlertStatus } from './alert.ts'

/** Why something was sent. */
export type SendReason = 'fired' | 'worse' | 'repeat' | 'escalated' | 'resolved' | 'retracted'

/** Why nothing was sent; `not-told` is the end of what the receiver never heard of. */
export type SkipReason =
  | 'silenced'
  | 'inhibited'
  | 'acknowledged'
  | 'quiet-hours'
  | 'group-wait'
  | 'severity-not-wanted'
  | 'resolved-not-wanted'
  | 'not-told'
  | 'no-receiver'

/**
 * What a receiver was told of an episode of an alert. `createdAtMs` is when that was first thought of, `escalationStep` which
 * step brought the receiver in, `reason` that of the last decision. Open as long as something may still be told.
 */
export type Notice = {
  readonly fingerprint: string
  readonly activeAt: number
  readonly receiver: string
  readonly chainId: number
  readonly isOpen: boolean
  readonly told: 'nothing' | AlertStatus
  readonly createdAtMs: number
  readonly firstToldAtMs?: number
  readonly toldAtMs?: number
  readonly repeatCount: number
  readonly escalationStep?: number
  readonly reason?: SendReason | SkipReason
}

/** One time that something was sent or, each time that the reason changes, not sent. `notificationId` is of the message that it went with. */
export type Decision = {
  readonly atMs: number
  readonly chainId: number
  readonly fingerprint: string
  readonly activeAt: number
  readonly receiver: string
  readonly detail?: string
} & (
  | { readonly isSent: true; readonly reason: SendReason; readonly notificationId: string }
  | { readonly isSent: false; readonly reason: SkipReason }
)

/** Values of labels, each exact or a `/regular expression/` for the whole of it; all of them have to fit. */
export type LabelMatch = Readonly<Record<string, string>>

/** Alerts that match are not told of from one time to another, unix seconds. */
export type Silence = {
  readonly id: string
  readonly match: LabelMatch
  readonly startsAt: number
  readonly endsAt: number
  readonly createdBy: string
  readonly comment: string
}

/** Somebody has taken an episode on. */
export type Acknowledgement = {
  readonly fingerprint: string
  readonly activeAt: number
  readonly atMs: number
  readonly by: string
  readonly comment: string
}
