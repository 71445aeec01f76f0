import type { Alert, Notification } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { Decision, Notice } from '../model/notice.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Interval } from '../risk/interval.ts'
import type { Risk } from '../risk/risk.ts'
import type { AlertCommit } from '../store/commit.ts'
import type { SelfCheckName } from './self-checks.ts'

/** Something that the watcher watches of itself; steps the same alerts as positions do. `subject` is what of a chain it is about, where that is not all of it. */
export type SelfCheck = {
  readonly name: SelfCheckName
  readonly subject?: string
  readonly isMet: boolean
  readonly detail: string
}

/** What one cycle found out: assessments of all positions that may change an alert. `closed` are ids of positions that are gone. */
export type Findings = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  readonly closed: readonly string[]
  readonly selfChecks: readonly SelfCheck[]
  /** Undefined where nothing could be read. */
  readonly news?: CycleNews
}

/** What the blocks of a cycle brought besides. */
export type CycleNews = {
  /** The newest block that a reorg left standing; undefined where there was none. */
  readonly keptUntil: bigint | undefined
  readonly liquidations: readonly Liquidation[]
  /** Whether others may have been that could not be read: of these nothing is known yet. */
  readonly mayMissLiquidations?: boolean
  readonly parameterChanges: readonly ParameterChange[]
  /** What goes beyond the health of a position that was assessed, worked out when asked for; undefined where it is not known. */
  riskOf(id: string): Risk | undefined
}

/** What alerting makes of findings; nothing of it holds until `accept` is called, after the commit. */
export type Judgement = {
  readonly alerts: readonly Alert[]
  /** Fingerprints of alerts that were pending and never fired. */
  readonly cancelled: readonly string[]
  readonly notifications: readonly Notification[]
  /** What each receiver was told of alerts, where that changes, and what was sent or not and why. */
  readonly notices: readonly Notice[]
  readonly decisions: readonly Decision[]
  accept(): void
}

/** What of it is written down. */
export const alertsOf = ({ alerts, cancelled, ...told }: Judgement): AlertCommit => ({
  ...{ alerts, cancelledAlerts: cancelled },
  ...{ notifications: told.notifications, notices: told.notices, decisions: told.decisions },
})

/** Where alerting is plugged in. */
export type Judge = {
  /** Pure, called before the commit, told when it is durable. */
  judge(findings: Findings): Judgement
  /** Ids of positions whose alerts are pending or firing: they are assessed at every head. */
  openPositions(): Iterable<string>
  /** Stretches of health in which a position that is not watched and has no open alert begins none. */
  quiet(deployment: Deployment): readonly Interval[]
}
