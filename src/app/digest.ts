// A summary for each receiver: how its watched loans did, what fires, how much has fired.

import type { Watch } from '../alerts/engine.ts'
import { notificationId } from '../alerts/fingerprint.ts'
import { toldAssessment } from '../alerts/notify.ts'
import type { Alert, DigestLoan, DigestNotification } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { firingAlerts } from '../store/alerts.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { alertsStarted } from '../store/digest.ts'
import { markJobDone } from '../store/jobs.ts'
import { enqueue } from '../store/outbox.ts'
import { snapshotsOf } from '../store/snapshots.ts'
import type { ChainState } from './chain-states.ts'
import { watchedLoans } from './watched-loans.ts'

const POINTS_MAX = 96

export type DigestInput = {
  readonly database: Database
  readonly watches: readonly Watch[]
  readonly states: readonly ChainState[]
  /** Whom to write to. */
  readonly receivers: readonly string[]
  /** The span that is summed up, unix seconds. */
  readonly since: number
  readonly until: number
  readonly nowMs: number
}

type Point = DigestLoan['points'][number]

const lower = (a: bigint | null, b: bigint | null): bigint | null =>
  a === null ? b : b === null || a < b ? a : b

/** At most `POINTS_MAX` points: of each part of the span the lowest health that was known in it. */
const pointsOf = (snapshots: readonly Snapshot[], since: number, until: number): readonly Point[] => {
  const parts = new Map<number, { timestamp: number; health: bigint | null }>()
  for (const { timestamp, healthFactor, cause } of snapshots) {
    if (cause === 'closed') continue
    const part = Math.floor(((timestamp - since) * POINTS_MAX) / Math.max(1, until - since))
    const known = parts.get(part)
    parts.set(part, { timestamp, health: known ? lower(known.health, healthFactor) : healthFactor })
  }
  return [...parts.values()].map(({ timestamp, health }) => ({
    timestamp,
    healthFactor: health === null ? null : health.toString(),
  }))
}

const hasDebt = (loan: Assessment): boolean => loan.kind === 'unassessable' || loan.phase !== 'no-debt'

const nowPoint = (loan: Assessment): Point => ({
  timestamp: loan.block.timestamp,
  healthFactor: loan.kind === 'assessed' ? loan.healthFactor.toString() : null,
})

const loanOf = (loan: Assessment, label: string | undefined, input: DigestInput): DigestLoan => ({
  ...{ id: loan.id, label: label ?? loan.owner, protocol: loan.protocol, chainId: loan.chainId },
  assessment: toldAssessment(loan),
  points: [
    ...pointsOf(
      snapshotsOf(input.database, loan.id, input.since, loan.block.timestamp - 1),
      input.since,
      Math.max(input.until, loan.block.timestamp),
    ),
    nowPoint(loan),
  ],
})

/** An alert about an account is its watchers' business, one of no account everybody's. */
const concerns = ({ labels }: Alert, accounts: ReadonlySet<string>): boolean =>
  labels['account'] === undefined || accounts.has(labels['account'])

const digestFor = (
  receiver: string,
  loans: readonly Assessment[],
  input: DigestInput,
): DigestNotification => {
  const { database, since, until } = input
  const own = input.watches.filter(({ receivers }) => receivers.includes(receiver))
  const accounts = new Set<string>(own.map(({ account }) => account))
  const labelOf = (owner: string): string | undefined =>
    own.find(({ account, label }) => account === owner && label !== undefined)?.label
  const mine = (alert: Alert): boolean => concerns(alert, accounts)
  return {
    kind: 'digest',
    id: notificationId('digest', until, 'digest', receiver),
    fingerprint: 'digest',
    ...{ receiver, since, until },
    loans: loans
      .filter((loan) => accounts.has(loan.owner) && hasDebt(loan))
      .map((loan) => loanOf(loan, labelOf(loan.owner), input)),
    firing: firingAlerts(database)
      .filter(mine)
      .map(({ rule, severity, annotations, subject }) => ({
        ...{ rule, severity, summary: annotations['summary'] ?? subject },
      })),
    firedCount: alertsStarted(database, since, until).filter(mine).length,
  }
}

/** Digests of a span, one a receiver; their ids depend on the span's end alone. */
export const digestsOf = (input: DigestInput): readonly DigestNotification[] => {
  const { database, states, watches, nowMs } = input
  const accounts = [...new Set(watches.map(({ account }) => account))]
  const loans = states.flatMap((state) => watchedLoans(database, state, accounts, nowMs))
  return input.receivers.map((receiver) => digestFor(receiver, loans, input))
}

/** Puts the digests of a span into the outbox, together with the record that the job is done: what was put there before stays. */
export const sendDigests = (job: string, input: DigestInput): void => {
  const digests = digestsOf(input)
  inTransaction(input.database, () => {
    enqueue(input.database, digests)
    markJobDone(input.database, job, input.nowMs)
  })
}
