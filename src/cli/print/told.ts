// Decisions on alerts in words.
import colors from 'picocolors'
import type { Alert } from '../../model/alert.ts'
import type { Acknowledgement, Decision, Notice, SendReason, SkipReason } from '../../model/notice.ts'
import { plain } from './output.ts'
import { table } from './table.ts'

const SENT: Readonly<Record<SendReason, string>> = {
  fired: 'it fires',
  worse: 'it fires, and is worse than what was told of this loan before',
  repeat: 'it still fires',
  escalated: 'nobody has acknowledged it',
  resolved: 'it is over',
  retracted: 'a reorg undid it',
}

const NOT_SENT: Readonly<Record<SkipReason, string>> = {
  silenced: 'silenced',
  inhibited: 'inhibited: what is told already is worse',
  acknowledged: 'somebody has taken it on',
  'quiet-hours': 'quiet hours',
  'group-wait': 'waits for others of its group',
  'severity-not-wanted': 'the receiver wants nothing so mild',
  'resolved-not-wanted': 'the receiver, or the rule, wants no ends',
  'not-told': 'it is over, and was never told',
  'no-receiver': 'there is no such receiver any more',
}

/** A moment in UTC: `2026-01-31 07:00:00`. */
export const momentText = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')

/** So many digits of a fingerprint tell alerts apart, for people. */
export const FINGERPRINT_DIGITS = 8

const reasonText = (decision: Decision): string => {
  const words = decision.isSent ? SENT[decision.reason] : NOT_SENT[decision.reason]
  return decision.detail === undefined ? words : `${words} (${plain(decision.detail)})`
}

/** What was decided on one alert, in its order. */
export const decisionsText = (
  alert: Alert,
  decisions: readonly Decision[],
  acknowledgement: Acknowledgement | undefined,
): string => {
  const { fingerprint, rule, severity, state, startsAt, activeAt } = alert
  const since = `since ${momentText(startsAt ?? activeAt)}`
  const head = `${colors.bold(rule)} ${severity}, ${state} ${since}  ${colors.dim(fingerprint)}`
  const summary = plain(alert.annotations['summary'] ?? alert.subject)
  const taken = acknowledgement
    ? [
        `  taken on by ${plain(acknowledgement.by)} at ${momentText(acknowledgement.atMs / 1_000)}${acknowledgement.comment === '' ? '' : `: ${plain(acknowledgement.comment)}`}`,
      ]
    : []
  const rows = decisions.map((decision) => [
    momentText(decision.atMs / 1_000),
    plain(decision.receiver),
    decision.isSent ? colors.green('sent') : colors.yellow('not sent'),
    decision.reason,
    reasonText(decision),
  ])
  const columns = [{ head: 'when' }, { head: 'to' }, { head: '' }, { head: 'reason' }, { head: 'why' }]
  const list = rows.length === 0 ? '  nobody is to be told of it' : table(columns, rows)
  return [head, `  ${summary}`, ...taken, list].join('\n')
}

/** Who was told last of what, and when: `phone firing 07:00:00`. */
export const noticesText = (notices: readonly Notice[]): string =>
  notices.length === 0
    ? '-'
    : notices
        .map(({ receiver, told, toldAtMs, reason }) =>
          toldAtMs === undefined
            ? `${plain(receiver)} not told${reason === undefined || reason === 'not-told' ? '' : `: ${reason}`}`
            : `${plain(receiver)} ${told} ${momentText(toldAtMs / 1_000).slice(5, 16)}`,
        )
        .join(', ')
