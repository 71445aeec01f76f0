// Rules on literal series: the same engine as the daemon's, on a loan that is nothing but values.
import { type Address, zeroHash } from 'viem'
import type { Alert, AlertRule, Severity } from '../model/alert.ts'
import type { Assessment, Subject } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatPositionId } from '../model/ids.ts'
import { unassessable } from '../protocols/assessing.ts'
import { createEngine } from './engine.ts'
import type { FieldValue } from './fields.ts'

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

/** A message: that an alert fires, or is over. */
export type Sent = {
  readonly atSeconds: number
  readonly alert: string
  readonly status: 'firing' | 'resolved'
}

/** Series are by field, one value a step, the first at second 0; one value alone holds throughout. */
export type RuleTest = {
  readonly name: string
  readonly intervalSeconds: number
  readonly loan: TestLoan
  readonly series: Readonly<Record<string, readonly FieldValue[]>>
  readonly expect: readonly Expectation[]
  /** All messages there are, in order; undefined where a test does not say. */
  readonly sends: readonly Sent[] | undefined
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
  readonly failures: readonly Failure[]
}

const RECEIVER = 'test'
const OWNER: Address = '0x00000000000000000000000000000000000000A1'

/** Steps of a test: as many as its longest series has values. */
export const stepsOf = (series: RuleTest['series']): number =>
  Math.max(0, ...Object.values(series).map((values) => values.length))

const valueAt = (series: RuleTest['series'], field: string, step: number): FieldValue => {
  const values = series[field]
  return values?.length === 1 ? values[0] : values?.[step]
}

const blockAt = ({ intervalSeconds, loan }: RuleTest, step: number): BlockRef => ({
  chainId: loan.chainId,
  number: BigInt(step),
  hash: zeroHash,
  timestamp: step * intervalSeconds,
})

/** Whose loan it is at a step; what it is worth is not asked of it. A health that is given as unknown is a loan that could not be assessed. */
const assessmentAt = (test: RuleTest, step: number): Assessment => {
  const { label: _label, ...loan } = test.loan
  const block = blockAt(test, step)
  const subject = { ...loan, id: formatPositionId({ ...loan, account: OWNER }), owner: OWNER, block }
  const known = (field: string): boolean => valueAt(test.series, field, step) !== undefined
  const kind = valueAt(test.series, 'kind', step)
  const isUnknown = test.series['healthFactor']
    ? !known('healthFactor')
    : !Object.keys(test.series).some(known)
  if (kind === 'unassessable' || (kind === undefined && isUnknown))
    return unassessable(subject, { reason: 'price-failed', detail: 'unknown in this test' })
  return { ...subject, kind: 'assessed' } as Assessment
}

/** The value of a field at a step. Of a loan that could not be assessed nothing is known but why. */
const fieldAt = (test: RuleTest, field: string, assessment: Assessment): FieldValue => {
  const given = valueAt(test.series, field, Number(assessment.block.number))
  if (field === 'kind') return assessment.kind
  if (field === 'reason') return assessment.kind === 'assessed' ? '' : (given ?? assessment.reason)
  return assessment.kind === 'assessed' ? given : undefined
}

type Run = Pick<RuleTestResult, 'timeline' | 'sent'> & {
  /** State of an alert after each step, by its name. */
  stateAt(alert: string, step: number): ExpectedState
}

const play = (rules: readonly AlertRule[], test: RuleTest): Run => {
  const { label } = test.loan
  const engine = createEngine({
    // Annotations speak of an assessment, which is not there.
    rules: rules.map((rule) => ({ ...rule, annotations: {} })),
    watches: [{ account: OWNER, receivers: [RECEIVER], ...(label === undefined ? {} : { label }) }],
    receivers: [RECEIVER],
    readField: (field, assessment) => fieldAt(test, field, assessment),
  })
  const open = new Map<string, Alert>()
  const timeline: TimelineEvent[] = []
  const sent: Sent[] = []
  const states = new Map<string, ExpectedState>()
  const history: ReadonlyMap<string, ExpectedState>[] = []
  const hasFired = new Set<string>()
  for (let step = 0; step < stepsOf(test.series); step++) {
    const assessment = assessmentAt(test, step)
    const atSeconds = assessment.block.timestamp
    const note = ({ rule, severity }: Alert, became: TimelineEvent['became']): void => {
      timeline.push({ atSeconds, alert: rule, severity, became })
    }
    const input = { block: assessment.block, assessments: [assessment], closed: [], signals: [] }
    const { alerts, cancelled, changes } = engine.step(open, input)
    for (const fingerprint of cancelled) {
      const alert = open.get(fingerprint)
      if (!alert) continue
      open.delete(fingerprint)
      note(alert, 'cancelled')
      states.set(alert.rule, hasFired.has(alert.rule) ? 'resolved' : 'none')
    }
    for (const alert of alerts) {
      const before = open.get(alert.fingerprint)
      open.set(alert.fingerprint, alert)
      if (before?.state === alert.state && before.activeAt === alert.activeAt) continue
      if (alert.state === 'retracted') continue
      note(alert, alert.state)
      states.set(alert.rule, alert.state)
      if (alert.state === 'firing') hasFired.add(alert.rule)
    }
    for (const { alert, status } of changes)
      if (status !== 'retracted') sent.push({ atSeconds, alert: alert.rule, status })
    history.push(new Map(states))
  }
  return { timeline, sent, stateAt: (alert, step) => history[step]?.get(alert) ?? 'none' }
}

const toldText = (status: string | undefined): string =>
  status === undefined ? 'no message' : `a message: ${status}`

const expectFailures = (test: RuleTest, { stateAt, sent }: Run): readonly Failure[] =>
  test.expect.flatMap(({ atSeconds, alert, state, sent: wanted }, index): readonly Failure[] => {
    const now = stateAt(alert, atSeconds / test.intervalSeconds)
    const told = sent.find((one) => one.alert === alert && one.atSeconds === atSeconds)
    const isToldWrong = wanted !== undefined && wanted !== (told !== undefined)
    const wrong = [
      ...(state === undefined || state === now ? [] : [[state, now]]),
      ...(isToldWrong ? [[wanted ? 'a message' : 'no message', toldText(told?.status)]] : []),
    ]
    if (wrong.length === 0) return []
    const [expected, actual] = [0, 1].map((side) => wrong.map((pair) => pair[side]).join(', '))
    return [{ of: 'expect', index, atSeconds, alert, expected: expected as string, actual: actual as string }]
  })

const isSame = (a: Sent, b: Sent): boolean =>
  a.atSeconds === b.atSeconds && a.alert === b.alert && a.status === b.status

/** Every message that is expected, and no other. */
const sendFailures = ({ sends }: RuleTest, { sent }: Run): readonly Failure[] => {
  if (!sends) return []
  const left = [...sent]
  const failureOf = (index: number | null, one: Sent, expected: string, actual: string): Failure => ({
    ...{ of: 'sends', index, atSeconds: one.atSeconds, alert: one.alert, expected, actual },
  })
  const missing = sends.flatMap((one, index) => {
    const at = left.findIndex((other) => isSame(one, other))
    if (at < 0) return [failureOf(index, one, toldText(one.status), toldText(undefined))]
    left.splice(at, 1)
    return []
  })
  return [...missing, ...left.map((one) => failureOf(null, one, toldText(undefined), toldText(one.status)))]
}

/** Runs a test of compiled rules; times are seconds since its first step. Throws `RuleError`. */
export const runRuleTest = (rules: readonly AlertRule[], test: RuleTest): RuleTestResult => {
  const run = play(rules, test)
  return {
    name: test.name,
    stepCount: stepsOf(test.series),
    timeline: run.timeline,
    sent: run.sent,
    failures: [...expectFailures(test, run), ...sendFailures(test, run)],
  }
}
