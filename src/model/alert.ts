import type { BlockRef } from './block.ts'
import type { Json } from './json.ts'

export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A rule as written: expressions are text, compiled by `alerts/`. Times are chain time in seconds. */
export type AlertRule = {
  readonly name: string
  readonly severity: Severity
  readonly scope: 'watched' | 'book'
  readonly when: string
  readonly until?: string
  readonly forSeconds: number
  readonly keepFiringForSeconds: number
  /** Whether its end is told; left out, that of all but events is. */
  readonly sendResolved?: boolean | undefined
  readonly match: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * The stored state of one rule on one subject; `inactive` is not stored. `subject` is a position id, or what the watcher
 * watches of itself (`1:head`). `activeAt` is when the condition was first met, `startsAt` when it fired, `clearedAt` when
 * the condition was first seen clear again while `keepFiringForSeconds` runs.
 */
export type Alert = {
  readonly fingerprint: string
  readonly rule: string
  readonly subject: string
  readonly severity: Severity
  readonly state: 'pending' | 'firing' | 'resolved' | 'retracted'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly activeAt: number
  readonly startsAt?: number
  readonly clearedAt?: number
  readonly endsAt?: number
  readonly block: BlockRef
}

/** What an alert has become, as a receiver is told. */
export const ALERT_STATUSES = ['firing', 'resolved', 'retracted'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

/**
 * One alert as it goes to a receiver. `id` is the same on every repetition of the same message, so that a receiver can tell;
 * `assessment` and `risk` are of `block`; each is null where there is none. Messages of one `group` stay in order, whether they go
 * alone or together.
 */
export type AlertNotification = {
  readonly kind: 'alert'
  readonly id: string
  readonly fingerprint: string
  readonly receiver: string
  readonly status: AlertStatus
  readonly rule: string
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: number
  readonly endsAt?: number
  readonly block: Json
  readonly assessment: Json
  readonly risk: Json
  readonly group?: string
}

/** Several alerts of one cycle in one message; `fingerprint` names the group, of which messages stay in order. */
export type GroupNotification = {
  readonly kind: 'group'
  readonly id: string
  readonly fingerprint: string
  readonly receiver: string
  readonly alerts: readonly AlertNotification[]
}

/** How the watched loans of a receiver have done; `points` are healths (wads as decimal strings, null where unknown) in time. */
export type DigestLoan = {
  readonly id: string
  readonly label: string
  readonly protocol: string
  readonly chainId: number
  readonly assessment: Json
  readonly points: readonly { readonly timestamp: number; readonly healthFactor: string | null }[]
}

/** A summary from `since` to `until`, seconds. */
export type DigestNotification = {
  readonly kind: 'digest'
  readonly id: string
  readonly fingerprint: string
  readonly receiver: string
  readonly since: number
  readonly until: number
  readonly loans: readonly DigestLoan[]
  readonly firing: readonly { readonly rule: string; readonly severity: Severity; readonly summary: string }[]
  readonly firedCount: number
}

/** Words of our own: that a receiver works, or that we are alive. */
export type PlainNotification = {
  readonly kind: 'test' | 'heartbeat'
  readonly id: string
  readonly fingerprint: string
  readonly receiver: string
  readonly timestamp: number
  readonly text: string
}

/** What goes to a receiver. */
export type Notification = AlertNotification | GroupNotification | DigestNotification | PlainNotification
