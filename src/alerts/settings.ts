// What is configured of telling: to whom, how often, and what is not told because of what.
import type { Severity } from '../model/alert.ts'
import type { LabelMatch } from '../model/notice.ts'
import type { QuietHours } from './quiet-hours.ts'

/** An alert that matches `source` and is told keeps those that match `target` from being told, where all labels of `equal` are the same. */
export type Inhibition = {
  readonly source: LabelMatch
  readonly target: LabelMatch
  readonly equal: readonly string[]
}

/** Alerts as bad as this or worse that nobody has acknowledged for so long go to more receivers. */
export type Escalation = {
  readonly afterSeconds: number
  readonly severity: Severity
  readonly receivers: readonly string[]
}

/** `isForPeople`: reads messages, so that many of them are better told as one. */
export type ReceiverSettings = {
  readonly isForPeople: boolean
  readonly sendResolved: boolean
  readonly minSeverity: Severity
  readonly quietHours: QuietHours | undefined
}

export type NotifySettings = {
  /** Labels whose alerts, where they agree, may go in one message: once there are more than `groupMin` at a time. */
  readonly groupBy: readonly string[]
  readonly groupMin: number
  readonly groupWaitSeconds: number
  /** 0: never again. */
  readonly repeatSeconds: Readonly<Record<Severity, number>>
  readonly escalate: readonly Escalation[]
  readonly inhibit: readonly Inhibition[]
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  /** Rules that speak of what is known, and of what is not. */
  readonly unknownRules: ReadonlySet<string>
  /** Rules of events: what they tell stays true when it is over. */
  readonly eventRules: ReadonlySet<string>
  /** Rules whose end is not told. */
  readonly endlessRules: ReadonlySet<string>
}

/** What always holds: of the same loan, the worse is told instead of the milder. */
export const builtInInhibitions: readonly Inhibition[] = [
  { source: { severity: 'critical' }, target: { severity: 'warning' }, equal: ['subject'] },
  {
    source: { alertname: 'Liquidatable' },
    target: { alertname: '/NearLiquidation|CloseToLiquidation|NextPriceLiquidates/' },
    equal: ['subject'],
  },
]
