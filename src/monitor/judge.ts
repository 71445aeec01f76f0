import type { Alert, Notification } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'

/** Something that the watcher watches of itself; steps the same alerts as positions do. */
export type SelfCheck = {
  readonly name: 'HeadStale' | 'EndpointDown' | 'AuditMismatch' | 'MarketsUnlisted'
  readonly isMet: boolean
  readonly detail: string
}

/** What one cycle found out. `closed` are ids of positions that are gone. */
export type Findings = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  readonly closed: readonly string[]
  readonly selfChecks: readonly SelfCheck[]
}

/** What alerting makes of findings; nothing of it holds until `accept` is called, after the commit. */
export type Judgement = {
  readonly alerts: readonly Alert[]
  /** Fingerprints of alerts that were pending and never fired. */
  readonly cancelled: readonly string[]
  readonly notifications: readonly Notification[]
  accept(): void
}

/** Where alerting is plugged in: pure, called before the commit, told when it is durable. */
export type Judge = (findings: Findings) => Judgement
