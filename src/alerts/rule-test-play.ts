// One test of rules played: engine and pipeline step by step, what becomes of every alert, and what is told of it.
import { type Address, zeroHash } from 'viem'
import type { Alert, AlertRule, AlertStatus } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { formatPositionId } from '../model/ids.ts'
import { unassessable } from '../protocols/assessing.ts'
import { createEngine } from './engine.ts'
import type { Episodes } from './episodes.ts'
import { type FieldValue, fields } from './fields.ts'
import { stepPipeline } from './pipeline.ts'
import type { ExpectedState, RuleTest, Sent, TimelineEvent, Unsent } from './rule-tests.ts'
import type { NotifySettings } from './settings.ts'

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
  const { series } = test
  const block = blockAt(test, step)
  const subject = { ...loan, id: formatPositionId({ ...loan, account: OWNER }), owner: OWNER, block }
  const isKnown = (field: string): boolean => valueAt(series, field, step) !== undefined
  const kind = valueAt(series, 'kind', step)
  const isUnknown = series['healthFactor'] ? !isKnown('healthFactor') : !Object.keys(series).some(isKnown)
  if (kind === 'unassessable' || (kind === undefined && isUnknown))
    return unassessable(subject, { reason: 'price-failed', detail: 'unknown in this test' })
  return { ...subject, kind: 'assessed' } as Assessment
}

/** The value of a field at a step. Of a loan that could not be assessed nothing is known but why, and what happened to it. */
const fieldAt = (test: RuleTest, field: string, assessment: Assessment): FieldValue => {
  const given = valueAt(test.series, field, Number(assessment.block.number))
  if (field === 'kind') return assessment.kind
  if (field === 'reason') return assessment.kind === 'assessed' ? '' : (given ?? assessment.reason)
  return assessment.kind === 'assessed' || fields[field]?.kind === 'event' ? given : undefined
}

/** The pipeline, for one receiver that wants to hear everything at once. */
const createTeller = (settings: NotifySettings) => {
  let episodes: Episodes = new Map()
  const forOne: NotifySettings = {
    ...settings,
    escalate: [],
    receivers: new Map([
      [RECEIVER, { isForPeople: false, sendResolved: true, minSeverity: 'info', quietHours: undefined }],
    ]),
  }
  const names = new Map<string, { readonly alert: string; status: AlertStatus }>()
  return (atSeconds: number, changes: Parameters<typeof stepPipeline>[0]['changes']) => {
    for (const { alert, status } of changes) names.set(alert.fingerprint, { alert: alert.rule, status })
    const output = stepPipeline({
      ...{ episodes, changes, settings: forOne, nowMs: atSeconds * 1_000 },
      ...{ silences: [], acknowledgements: new Map() },
      contentOf: () => ({ assessment: undefined, risk: undefined }),
    })
    episodes = output.episodes
    const sent: Sent[] = []
    const unsent: Unsent[] = []
    for (const { fingerprint, ...decision } of output.decisions) {
      const { alert = '', status = 'firing' } = names.get(fingerprint) ?? {}
      if (decision.isSent) sent.push({ atSeconds, alert, status, reason: decision.reason })
      else unsent.push({ atSeconds, alert, reason: decision.reason })
    }
    return { sent, unsent }
  }
}

/** What a test brought about. */
export type Played = {
  readonly timeline: readonly TimelineEvent[]
  readonly sent: readonly Sent[]
  readonly unsent: readonly Unsent[]
  /** State of an alert after a step, by its name. */
  stateAt(alert: string, step: number): ExpectedState
}

/** Plays a test of rules. Throws `RuleError`. */
export const play = (rules: readonly AlertRule[], settings: NotifySettings, test: RuleTest): Played => {
  const { label } = test.loan
  const engine = createEngine({
    // Annotations speak of an assessment, which is not there.
    rules: rules.map((rule) => ({ ...rule, annotations: {} })),
    watches: [{ account: OWNER, receivers: [RECEIVER], ...(label === undefined ? {} : { label }) }],
    receivers: [RECEIVER],
    readField: (field, assessment) => fieldAt(test, field, assessment),
  })
  const tell = createTeller(settings)
  const open = new Map<string, Alert>()
  const timeline: TimelineEvent[] = []
  const told: ReturnType<typeof tell>[] = []
  const states = new Map<string, ExpectedState>()
  const history: ReadonlyMap<string, ExpectedState>[] = []
  const hasFired = new Set<string>()
  for (let step = 0; step < stepsOf(test.series); step++) {
    const assessment = assessmentAt(test, step)
    const atSeconds = assessment.block.timestamp
    const note = ({ rule, severity }: Alert, became: TimelineEvent['became'], now: ExpectedState): void => {
      timeline.push({ atSeconds, alert: rule, severity, became })
      states.set(rule, now)
    }
    const input = { block: assessment.block, assessments: [assessment], closed: [], signals: [] }
    const { alerts, cancelled, changes } = engine.step(open, input)
    for (const fingerprint of cancelled) {
      const alert = open.get(fingerprint)
      open.delete(fingerprint)
      if (alert) note(alert, 'cancelled', hasFired.has(alert.rule) ? 'resolved' : 'none')
    }
    for (const alert of alerts) {
      const before = open.get(alert.fingerprint)
      open.set(alert.fingerprint, alert)
      const { state } = alert
      if (state === 'retracted' || (before?.state === state && before.activeAt === alert.activeAt)) continue
      if (state === 'firing') hasFired.add(alert.rule)
      note(alert, state, state)
    }
    told.push(tell(atSeconds, changes))
    history.push(new Map(states))
  }
  return {
    timeline,
    sent: told.flatMap(({ sent }) => sent),
    unsent: told.flatMap(({ unsent }) => unsent),
    stateAt: (alert, step) => history[step]?.get(alert) ?? 'none',
  }
}
