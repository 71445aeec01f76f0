// Steps every rule on every subject.
import type { Alert, AlertRule, AlertStatus } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { CycleNews } from '../monitor/judge.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Interval } from '../risk/interval.ts'
import type { Risk } from '../risk/risk.ts'
import { type Case, caseOf, type Signal, sendsResolved, signalCase, stepCase } from './cases.ts'
import { endingsOf } from './endings.ts'
import { evaluate } from './expression.ts'
import { type FieldValue, fields } from './fields.ts'
import { mayMatch, quietAt, quietIn } from './quiet.ts'
import { type CompiledRule, compileRule } from './rules.ts'
import { riskIn, type Subject } from './subject.ts'
import { subjectsOf } from './subjects.ts'
import { type Watch, watchedBy } from './watches.ts'

export type { Signal } from './cases.ts'
export type { Watch } from './watches.ts'

/** `assessments`: of every loan of which a rule may have something new to say; the alerts of others stay as they are. */
export type EngineInput = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  /** Ids of positions that are gone: their alerts are over. */
  readonly closed: readonly string[]
  readonly signals: readonly Signal[]
  /** Undefined where nothing could be read. */
  readonly news?: CycleNews | undefined
}

/** An alert that has begun to fire or is over, and who may hear of it. `risk` is that of a watched loan, where it is known. */
export type AlertChange = {
  readonly alert: Alert
  readonly status: AlertStatus
  readonly receivers: readonly string[]
  readonly assessment: Assessment | undefined
  readonly risk: Risk | undefined
  /** Whether its rule wants its end to be told. */
  readonly sendResolved: boolean
}

/** Alerts whose state changed, with `cancelled` those that never fired, and of which of them somebody may hear. */
export type EngineOutput = {
  readonly alerts: readonly Alert[]
  readonly cancelled: readonly string[]
  readonly changes: readonly AlertChange[]
}

export type Engine = {
  step(open: ReadonlyMap<string, Alert>, input: EngineInput): EngineOutput
  /** Stretches of health in which a loan that is not watched and has no open alert begins none: it need not be assessed there. */
  quiet(deployment: Deployment): readonly Interval[]
  /** Book-wide rules that no health makes false: for them every loan is assessed exactly at every head. */
  readonly restlessRules: readonly string[]
}

/** The value of a field, where not the loan itself tells it: in tests of rules. */
type ReadField = (field: string, assessment: Assessment) => FieldValue

export type EngineOptions = {
  readonly rules: readonly AlertRule[]
  readonly watches: readonly Watch[]
  readonly receivers: readonly string[]
  readonly readField?: ReadField | undefined
}

const isOpen = ({ state }: Alert): boolean => state === 'pending' || state === 'firing'

type AlertsBySubject = ReadonlyMap<string, readonly Alert[]>

/** Alerts by what they are about, over or not. */
const bySubject = (open: ReadonlyMap<string, Alert>): AlertsBySubject => {
  const found = new Map<string, Alert[]>()
  for (const alert of open.values()) {
    const others = found.get(alert.subject)
    if (others) others.push(alert)
    else found.set(alert.subject, [alert])
  }
  return found
}

const NONE: readonly Alert[] = []

/** The rules, compiled, and who hears of what. */
const createScope = (options: EngineOptions) => {
  const rules = options.rules.map(compileRule)
  const byName = new Map(rules.map((compiled) => [compiled.rule.name, compiled]))
  const watched = watchedBy(options.watches)
  const receiversOf = ({ rule }: CompiledRule, owner: string): readonly string[] =>
    rule.scope === 'book' ? options.receivers : watched.receiversOf(owner)
  const bookWide = rules.filter(({ rule }) => rule.scope === 'book')
  return {
    ...{ rules, bookWide, byName, watched, receiversOf },
    /** No book-wide rule begins here; of a loan that is not watched and has no alert there is nothing to step. */
    isQuiet: quietAt(bookWide.map(({ when }) => when)),
    receiversOfAlert: ({ rule, labels: { account = '' } }: Alert): readonly string[] => {
      const compiled = byName.get(rule)
      return compiled ? receiversOf(compiled, account) : watched.receiversOf(account)
    },
  }
}

type Scope = ReturnType<typeof createScope>

/** Every rule on every loan of which it may have something to say, and the signals. */
function* casesOf(
  { rules, watched, byName, receiversOf, isQuiet }: Scope,
  open: ReadonlyMap<string, Alert>,
  known: AlertsBySubject,
  { assessments, block, news, signals }: EngineInput,
  options: EngineOptions,
): Generator<Case> {
  const { readField } = options
  const openEvents = [...open.values()].filter((alert) => isOpen(alert) && byName.get(alert.rule)?.isEvent)
  let current: Subject | undefined
  const valueIn = (field: string): FieldValue => {
    if (!current) return undefined
    return readField && current.assessment ? readField(field, current.assessment) : fields[field]?.of(current)
  }
  for (const subject of subjectsOf({ assessments, block, news, watched, openEvents })) {
    current = subject
    const { id, owner } = subject.loan
    const isWatched = watched.has(owner)
    const alerts = known.get(id) ?? NONE
    const { assessment } = subject
    if (!isWatched && alerts === NONE && !readField && assessment && isQuiet(assessment)) continue
    for (const compiled of rules) {
      if ((compiled.rule.scope === 'watched' && !isWatched) || !compiled.matches(subject)) continue
      const when = evaluate(compiled.when, valueIn)
      if (when !== 'met' && !alerts.some(({ rule }) => rule === compiled.rule.name)) continue
      const observation = { when, until: evaluate(compiled.until, valueIn), timestamp: block.timestamp }
      yield caseOf(compiled, subject, observation, receiversOf(compiled, owner))
    }
  }
  for (const signal of signals) yield signalCase(signal, block, options.receivers)
}

const isNews = (transition: string): transition is AlertStatus =>
  transition === 'firing' || transition === 'resolved' || transition === 'retracted'

/** The end of an alert that nothing is stepped for any more. */
const changeOf = ({ byName, receiversOfAlert }: Scope, alert: Alert): AlertChange => {
  const compiled = byName.get(alert.rule)
  return {
    alert,
    status: alert.state === 'retracted' ? 'retracted' : 'resolved',
    receivers: receiversOfAlert(alert),
    assessment: undefined,
    risk: undefined,
    sendResolved: compiled ? sendsResolved(compiled) : true,
  }
}

/**
 * Compiles the rules once. Watched positions speak to the receivers of their watches; book-wide rules and the watcher's
 * own signals to all receivers. Whatever fired is over some day: also where its loan, its watch or its rule is gone. Throws
 * `RuleError`.
 */
export const createEngine = (options: EngineOptions): Engine => {
  const scope = createScope(options)
  const { bookWide } = scope
  return {
    quiet: (deployment) =>
      quietIn(bookWide.filter(({ rule }) => mayMatch(rule, deployment)).map(({ when }) => when)),
    restlessRules: bookWide.filter(({ when }) => quietIn([when]).length === 0).map(({ rule }) => rule.name),
    step: (open, input) => {
      const alerts: Alert[] = []
      const cancelled: string[] = []
      const changes: AlertChange[] = []
      const stepped = new Set<string>()
      const known = bySubject(open)
      for (const one of casesOf(scope, open, known, input, options)) {
        const alertsOn = known.get(one.subject) ?? NONE
        const { alert, transition, fingerprint } = stepCase(one, alertsOn, input.block, input.news?.keptUntil)
        stepped.add(fingerprint)
        if (transition === 'cancelled') cancelled.push(fingerprint)
        if (!alert) continue
        alerts.push(alert)
        if (!isNews(transition)) continue
        const { receivers, sendResolved, loan } = one
        const risk = loan && receivers.length > 0 ? riskIn(loan) : undefined
        changes.push({
          alert,
          status: transition,
          receivers,
          assessment: loan?.assessment,
          risk,
          sendResolved,
        })
      }
      for (const ending of endingsOf(open, input, stepped, scope)) {
        if (ending.isPending) cancelled.push(ending.alert.fingerprint)
        else {
          alerts.push(ending.alert)
          changes.push(changeOf(scope, ending.alert))
        }
      }
      return { alerts, cancelled, changes }
    },
  }
}
