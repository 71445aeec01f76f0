// What a notification says to people, before any medium: a headline, then lines, then links.
import type {
  AlertNotification,
  GroupNotification,
  Notification,
  PlainNotification,
  Severity,
} from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { JsonOf } from '../model/json.ts'
import type { Risk } from '../risk/risk.ts'
import { cut } from '../units/cut.ts'
import { formatDuration } from '../units/duration.ts'
import { isoTime } from '../units/format.ts'
import { plain } from '../units/plain.ts'
import { headlineOf } from './headline.ts'
import { digestHeadline, digestLines, digestRows } from './messages-digest.ts'
import { linksOf } from './messages-links.ts'
import { loanLines } from './messages-loan.ts'

/** What a message is about in a word; colours, icons and priorities follow from it. */
export type Tone = Severity | 'resolved' | 'retracted' | 'news'

export type Link = { readonly label: string; readonly url: string }

/** `title` is left out where the headline says it. `rows` are columns that stand under each other. */
export type Part = {
  readonly title?: string
  readonly lines: readonly string[]
  readonly rows?: readonly string[]
  readonly links: readonly Link[]
}

/** All texts are plain: neither escaped nor with control characters, each of limited length. */
export type Message = { readonly tone: Tone; readonly headline: string; readonly parts: readonly Part[] }

const HEADLINE_CHARACTERS_MAX = 250
const LINE_CHARACTERS_MAX = 400

const lineOf = (text: string): string => cut(plain(text.replace(/\s+/g, ' ').trim()), LINE_CHARACTERS_MAX)
const titleOf = (text: string): string => cut(lineOf(text), HEADLINE_CHARACTERS_MAX)

/** What the rule says; where it says nothing, whose loan it is and how near. */
const subjectOf = (alert: AlertNotification): string =>
  alert.annotations['summary'] || headlineOf(alert) || alert.rule

/** How the loan is, where the rule's own words say something else. */
const stateLines = (alert: AlertNotification): readonly string[] => {
  const headline = alert.assessment === null ? undefined : headlineOf(alert)
  return headline === undefined || headline === subjectOf(alert) ? [] : [headline]
}

const alertHeadline = (alert: AlertNotification): string => {
  const subject = subjectOf(alert)
  const { status, startsAt, endsAt } = alert
  if (status === 'firing') return subject
  if (status === 'retracted') return `Taken back: ${subject}`
  return endsAt === undefined
    ? `Resolved: ${subject}`
    : `Resolved after ${formatDuration(endsAt - startsAt)}: ${subject}`
}

const RETRACTION = 'The chain was reorganised: the block in which this was seen is no longer part of it.'

/** What is not known, and since when. */
const unknownLines = ({ status, startsAt }: AlertNotification, reason: string): readonly string[] =>
  status === 'firing'
    ? [`Its health is not known since ${isoTime(startsAt)} (${reason}). This does not mean that it is safe.`]
    : []

const loanWords = (alert: AlertNotification): readonly string[] => {
  const assessment = alert.assessment as JsonOf<Assessment> | null
  if (!assessment) return []
  return assessment.kind === 'unassessable'
    ? unknownLines(alert, assessment.reason)
    : loanLines(assessment, alert.status === 'firing' ? (alert.risk as JsonOf<Risk> | null) : null)
}

const bodyLines = (alert: AlertNotification): readonly string[] => {
  const { description } = alert.annotations
  return [
    ...(alert.status === 'retracted' ? [RETRACTION] : [...stateLines(alert), ...loanWords(alert)]),
    ...(description ? [description] : []),
  ]
}

/** The rule and when: what one looks for afterwards. */
const footer = ({ rule, severity, status, startsAt, endsAt }: AlertNotification): string => {
  const until = endsAt === undefined ? '' : ` to ${isoTime(endsAt)}`
  return `${rule} · ${severity} · ${status === 'firing' ? 'since' : 'from'} ${isoTime(startsAt)}${until}`
}

const toneOf = ({ status, severity }: AlertNotification): Tone => (status === 'firing' ? severity : status)

const partOf = (alert: AlertNotification): Part => ({
  lines: [...bodyLines(alert), footer(alert)].map(lineOf),
  links: linksOf(alert),
})

const ofAlert = (alert: AlertNotification): Message => ({
  tone: toneOf(alert),
  headline: titleOf(alertHeadline(alert)),
  parts: [partOf(alert)],
})

const TONES: readonly Tone[] = ['critical', 'warning', 'info', 'retracted', 'resolved', 'news']

const byTone = (a: AlertNotification, b: AlertNotification): number =>
  TONES.indexOf(toneOf(a)) - TONES.indexOf(toneOf(b))

const countsText = (alerts: readonly AlertNotification[]): string =>
  (['firing', 'resolved', 'retracted'] as const)
    .map((status) => ({ status, count: alerts.filter((one) => one.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status === 'retracted' ? 'taken back' : status}`)
    .join(', ')

const ofGroup = ({ alerts }: GroupNotification): Message => {
  const sorted = [...alerts].sort(byTone)
  const [worst] = sorted
  if (!worst) return { tone: 'news', headline: 'No alerts', parts: [] }
  if (sorted.length === 1) return ofAlert(worst)
  return {
    tone: toneOf(worst),
    headline: titleOf(`${alertHeadline(worst)} (${alerts.length} alerts: ${countsText(alerts)})`),
    parts: sorted.map((alert, index) =>
      index === 0 ? partOf(alert) : { ...partOf(alert), title: titleOf(alertHeadline(alert)) },
    ),
  }
}

const ofPlain = ({ text, timestamp }: PlainNotification): Message => ({
  tone: 'news',
  headline: titleOf(text),
  parts: [{ lines: [isoTime(timestamp)], links: [] }],
})

/** What a notification says. */
export const messageOf = (notification: Notification): Message => {
  switch (notification.kind) {
    case 'alert':
      return ofAlert(notification)
    case 'group':
      return ofGroup(notification)
    case 'digest':
      return {
        tone: 'news',
        headline: titleOf(digestHeadline(notification)),
        parts: [
          {
            lines: digestLines(notification).map(lineOf),
            rows: digestRows(notification).map((row) => cut(plain(row), LINE_CHARACTERS_MAX)),
            links: [],
          },
        ],
      }
    case 'test':
    case 'heartbeat':
      return ofPlain(notification)
  }
}
