// Rules on literal series: the same engine as the daemon's, on a loan that is nothing but values.
import type { AlertRule, AlertStatus, Severity } from '../model/alert.ts'
import type { Subject } from '../model/assessment.ts'
import type { SendReason, SkipReason } from '../model/notice.ts'
import type { FieldValue } from './fields.ts'
import { type Played, play, stepsOf } from './rule-test-play.ts'
import type { NotifySettings } from './settings.ts'

/** Whose loan it is: what rules may match. */
export type TestLoan = Omit<Subject, 'id' | 'block' | 'owner'> & { readonly label?: string | undefined }

export const EXPECTED_STATES = ['none', 'pending', 'firing', 'resolved'] as const
export type ExpectedState = (typeof EXPECTED_STATES)[number]

/** What an alert is to be after the step at a time; `sent`: whether that step tells somebody of it. */
export type Expectation = {
  readonly atSeconds: number
  readonly alert: string
  readonly state?: ExpectedState | undefined
  readonly sent?: boolean | undefined
}

/** A message: what an alert has become, and why that is told. */
export type Sent = {
  readonly atSeconds: number
  readonly alert: string
  readonly status: AlertStatus
  readonly reason: SendReason
}

/** No message, and why not. */
export type Unsent = { readonly atSeconds: number; readonly alert: string; readonly reason: SkipReason }

/** A message that is expected, for whatever reason where none is given. */
export type ExpectedSent = Omit<Sent, 'reason'> & { readonly reason?: SendReason | undefined }

/** Series are by field, one value a step, the first at second 0; one value alone holds throughout. */
export type RuleTest = {
  readonly name: string
  readonly intervalSeconds: number
  readonly loan: TestLoan
  readonly series: Readonly<Record<string, readonly FieldValue[]>>
  readonly expect: readonly Expectation[]
  /** All messages there are, in order; undefined where a test does not say. */
  readonly sends: readonly ExpectedSent[] | undefined
}

/** An alert that became something at a step. `cancelled`: it was pending and never fired. */
export type TimelineEvent = {
  readonly atSeconds: number
  readonly alert: string
  readonly severity: Severity
  readonly became: 'pending' | 'firing' | 'resolved' | 'cancelled'
}

/** What did not come as expected: `index` of the expectation among its kind; null for a message that nobody expected. */
export type Failure = {
  readonly of: 'expect' | 'sends'
  readonly index: number | null
  readonly atSeconds: number
  readonly alert: string
  readonly expected: string
  readonly actual: string
}

export type RuleTestResult = {
  readonly name: string
  readonly stepCount: number
  readonly timeline: readonly TimelineEvent[]
  readonly sent: readonly Sent[]
  readonly unsent: readonly Unsent[]
  readonly failures: readonly Failure[]
}

/** Reasons that go without saying. */
const PLAIN_REASONS: readonly (SendReason | undefined)[] = [undefined, 'fired', 'resolved']

const toldText = ({ status, reason }: ExpectedSent): string =>
  `a message: ${status}${PLAIN_REASONS.includes(reason) ? '' : ` (${reason})`}`

const NO_MESSAGE = 'no message'

const expectFailures = (test: RuleTest, { stateAt, sent, unsent }: Played): readonly Failure[] =>
  test.expect.flatMap(({ atSeconds, alert, state, sent: wanted }, index): readonly Failure[] => {
    const isHere = (one: Sent | Unsent): boolean => one.alert === alert && one.atSeconds === atSeconds
    const now = stateAt(alert, atSeconds / test.intervalSeconds)
    const [told, skipped] = [sent.find(isHere), unsent.find(isHere)]
    const isToldWrong = wanted !== undefined && wanted !== (told !== undefined)
    const actual = told ? toldText(told) : `${NO_MESSAGE}${skipped ? ` (${skipped.reason})` : ''}`
    const wrong = [
      ...(state === undefined || state === now ? [] : [{ expected: state, actual: now as string }]),
      ...(isToldWrong ? [{ expected: wanted ? 'a message' : NO_MESSAGE, actual }] : []),
    ]
    if (wrong.length === 0) return []
    const joined = (side: 'expected' | 'actual'): string => wrong.map((one) => one[side]).join(', ')
    const about = { of: 'expect', index, atSeconds, alert } as const
    return [{ ...about, expected: joined('expected'), actual: joined('actual') }]
  })

const fits = (wanted: ExpectedSent, one: Sent): boolean =>
  wanted.atSeconds === one.atSeconds &&
  wanted.alert === one.alert &&
  wanted.status === one.status &&
  (wanted.reason ?? one.reason) === one.reason

/** Every message that is expected, and no other. */
const sendFailures = ({ sends }: RuleTest, { sent }: Played): readonly Failure[] => {
  if (!sends) return []
  const left = [...sent]
  const failureOf = (
    index: number | null,
    { atSeconds, alert }: ExpectedSent,
    expected: string,
    actual: string,
  ): Failure => ({ of: 'sends', index, atSeconds, alert, expected, actual })
  const missing = sends.flatMap((one, index) => {
    const at = left.findIndex((other) => fits(one, other))
    if (at < 0) return [failureOf(index, one, toldText(one), NO_MESSAGE)]
    left.splice(at, 1)
    return []
  })
  return [...missing, ...left.map((one) => failureOf(null, one, NO_MESSAGE, toldText(one)))]
}

/** Runs a test of compiled rules under settings of telling, for one receiver that wants to hear everything; times are seconds since its first step. Throws `RuleError`. */
export const runRuleTest = (
  rules: readonly AlertRule[],
  settings: NotifySettings,
  test: RuleTest,
): RuleTestResult => {
  const played = play(rules, settings, test)
  return {
    name: test.name,
    stepCount: stepsOf(test.series),
    timeline: played.timeline,
    sent: played.sent,
    unsent: played.unsent,
    failures: [...expectFailures(test, played), ...sendFailures(test, played)],
  }
}
