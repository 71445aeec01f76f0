// Steps every rule on every subject.
import type { Alert, AlertRule, AlertStatus } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import { parsePositionId } from '../model/ids.ts'
import type { CycleNews } from '../monitor/judge.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Interval } from '../risk/interval.ts'
import type { Risk } from '../risk/risk.ts'
import {
  type Case,
  caseOf,
  isOrphaned,
  labelsOf,
  REORGED,
  type Signal,
  sendsResolved,
  signalCase,
  stepCase,
} from './cases.ts'
import { evaluate } from './expression.ts'
import { type FieldValue, fields } from './fields.ts'
import { retract } from './machine.ts'
import { mayMatch, quietIn } from './quiet.ts'
import { type CompiledRule, compileRule } from './rules.ts'
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

const GONE = 'the loan is gone'

const isOpen = ({ state }: Alert): boolean => state === 'pending' || state === 'firing'

/** Names of rules that have an alert on a subject, over or not. */
const rulesBySubject = (open: ReadonlyMap<string, Alert>): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  for (const { subject, rule } of open.values()) {
    const rules = found.get(subject)
    if (rules) rules.add(rule)
    else found.set(subject, new Set([rule]))
  }
  return found
}

/** Resolved at a block, or retracted where what it rested on is no block of the chain any more; says why. */
const ended = (alert: Alert, reason: string, { block, news }: EngineInput): Alert => {
  const annotations = { ...alert.annotations, reason }
  if (!isOrphaned(alert, news?.keptUntil))
    return { ...alert, state: 'resolved', endsAt: block.timestamp, annotations, block }
  const { episode } = retract(alert, block.timestamp)
  return { ...alert, ...episode, annotations: { ...annotations, reason: REORGED }, block }
}

/** The rules, compiled, and who hears of what. */
const createScope = (options: EngineOptions) => {
  const rules = options.rules.map(compileRule)
  const byName = new Map(rules.map((compiled) => [compiled.rule.name, compiled]))
  const watched = watchedBy(options.watches)
  const receiversOf = ({ rule }: CompiledRule, owner: string): readonly string[] =>
    rule.scope === 'book' ? options.receivers : watched.receiversOf(owner)
  return {
    ...{ rules, byName, watched, receiversOf },
    /** Why an alert that was not stepped is not going to be any more; undefined where it may be. */
    whyAbandoned: (alert: Alert): string | undefined => {
      const { account } = alert.labels
      const compiled = byName.get(alert.rule)
      if (account === undefined) return undefined
      if (!compiled) return 'its rule is gone'
      if (compiled.rule.scope === 'watched' && !watched.has(account)) return 'nobody watches it any more'
      const label = watched.labelOf(account)
      const loan = { ...parsePositionId(alert.subject), id: alert.subject, owner: account as never }
      const labels = labelsOf(compiled.rule, { loan: { ...loan, block: alert.block }, label })
      const isSame =
        Object.keys(labels).length === Object.keys(alert.labels).length &&
        Object.entries(labels).every(([name, value]) => alert.labels[name] === value)
      return isSame ? undefined : 'its rule, or the label of its watch, is another now'
    },
  }
}

type Scope = ReturnType<typeof createScope>

/** Every rule on every loan of which it may have something to say, and the signals. */
function* casesOf(
  { rules, watched, byName, receiversOf }: Scope,
  open: ReadonlyMap<string, Alert>,
  { assessments, block, news, signals }: EngineInput,
  options: EngineOptions,
): Generator<Case> {
  const { readField } = options
  const known = rulesBySubject(open)
  const openEvents = [...open.values()].filter((alert) => isOpen(alert) && byName.get(alert.rule)?.isEvent)
  for (const subject of subjectsOf({ assessments, block, news, watched, openEvents })) {
    const { id, owner } = subject.loan
    const isWatched = watched.has(owner)
    const valueIn = (field: string): FieldValue =>
      readField && subject.assessment ? readField(field, subject.assessment) : fields[field]?.of(subject)
    for (const compiled of rules) {
      if ((compiled.rule.scope === 'watched' && !isWatched) || !compiled.matches(subject)) continue
      const when = evaluate(compiled.when, valueIn)
      if (when !== 'met' && !known.get(id)?.has(compiled.rule.name)) continue
      const observation = { when, until: evaluate(compiled.until, valueIn), timestamp: block.timestamp }
      yield caseOf(compiled, subject, observation, receiversOf(compiled, owner))
    }
  }
  for (const signal of signals) yield signalCase(signal, block, options.receivers)
}

const isNews = (transition: string): transition is AlertStatus =>
  transition === 'firing' || transition === 'resolved' || transition === 'retracted'

/**
 * Compiles the rules once. Watched positions speak to the receivers of their watches; book-wide rules and the watcher's
 * own signals to all receivers. Whatever fired is over some day: also where its loan, its watch or its rule is gone. Throws
 * `RuleError`.
 */
export const createEngine = (options: EngineOptions): Engine => {
  const scope = createScope(options)
  const bookWide = scope.rules.filter(({ rule }) => rule.scope === 'book')

  /** Ends what was not stepped and never will be. */
  const ends = (open: ReadonlyMap<string, Alert>, input: EngineInput, stepped: ReadonlySet<string>) => {
    const closed = new Set(input.closed)
    return [...open.values()].flatMap((alert) => {
      if (!isOpen(alert) || stepped.has(alert.fingerprint)) return []
      const reason = scope.whyAbandoned(alert) ?? (closed.has(alert.subject) ? GONE : undefined)
      return reason === undefined ? [] : [{ alert, reason }]
    })
  }

  return {
    quiet: (deployment) =>
      quietIn(bookWide.filter(({ rule }) => mayMatch(rule, deployment)).map(({ when }) => when)),
    restlessRules: bookWide.filter(({ when }) => quietIn([when]).length === 0).map(({ rule }) => rule.name),
    step: (open, input) => {
      const alerts: Alert[] = []
      const cancelled: string[] = []
      const changes: AlertChange[] = []
      const stepped = new Set<string>()
      for (const one of casesOf(scope, open, input, options)) {
        const { alert, transition, fingerprint } = stepCase(one, open, input.block, input.news?.keptUntil)
        stepped.add(fingerprint)
        if (transition === 'cancelled') cancelled.push(fingerprint)
        if (!alert) continue
        alerts.push(alert)
        if (!isNews(transition)) continue
        const { receivers, sendResolved, loan } = one
        const risk = receivers.length > 0 ? loan?.risk() : undefined
        changes.push({
          alert,
          status: transition,
          receivers,
          assessment: loan?.assessment,
          risk,
          sendResolved,
        })
      }
      for (const { alert, reason } of ends(open, input, stepped)) {
        if (alert.state === 'pending') cancelled.push(alert.fingerprint)
        else {
          const over = ended(alert, reason, input)
          const compiled = scope.byName.get(alert.rule)
          const owner = alert.labels['account'] ?? ''
          alerts.push(over)
          changes.push({
            alert: over,
            status: over.state as AlertStatus,
            receivers: compiled ? scope.receiversOf(compiled, owner) : scope.watched.receiversOf(owner),
            assessment: undefined,
            risk: undefined,
            sendResolved: compiled ? sendsResolved(compiled) : true,
          })
        }
      }
      return { alerts, cancelled, changes }
    },
  }
}
