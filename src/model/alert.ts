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
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly activeAt: number
  readonly startsAt?: number
  readonly clearedAt?: number
  readonly endsAt?: number
  readonly block: BlockRef
}

/** What goes to a receiver. `id` is the same on every repetition of the same message, so that a receiver can tell. */
export type Notification = {
  readonly id: string
  readonly fingerprint: string
  readonly receiver: string
  readonly status: 'firing' | 'resolved'
  readonly rule: string
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: number
  readonly endsAt?: number
  readonly block: Json
  readonly assessment: Json
}
