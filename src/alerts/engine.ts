// Steps every rule on every subject.
import type { Address } from 'viem'
import type { Alert, AlertRule, AlertStatus, Severity } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import type { BlockRef } from '../model/block.ts'
import type { Deployment } from '../protocols/adapter.ts'
import type { Interval } from '../risk/interval.ts'
import { evaluate, type ReadField, type Verdict } from './expression.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Observation, step, type Timing, type Transition } from './machine.ts'
import { mayMatch, quietIn } from './quiet.ts'
import { type CompiledRule, compileRule, type Subject } from './rules.ts'

/** An account that somebody wants to hear about, and who. */
export type Watch = {
  readonly account: Address
  readonly label?: string
  readonly receivers: readonly string[]
}

/** Something that the watcher watches of itself, stepped like a rule of its own. */
export type Signal = {
  readonly name: string
  readonly subject: string
  readonly severity: Severity
  readonly isMet: boolean
  readonly summary: string
}

/** `assessments`: of every loan of which a rule may have something new to say; the alerts of others stay as they are. */
export type EngineInput = {
  readonly block: BlockRef
  readonly assessments: readonly Assessment[]
  /** Ids of positions that are gone: their alerts are over. */
  readonly closed: readonly string[]
  readonly signals: readonly Signal[]
}

/** An alert that has begun to fire or is over, and who may hear of it. */
export type AlertChange = {
  readonly alert: Alert
  readonly status: AlertStatus
  readonly receivers: readonly string[]
  readonly assessment: Assessment | undefined
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

type Case = {
  readonly rule: string
  readonly severity: Severity
  readonly subject: string
  readonly labels: Readonly<Record<string, string>>
  readonly observation: Observation
  readonly timing: Timing
  readonly receivers: readonly string[]
  readonly assessment: Assessment | undefined
  annotations(): Readonly<Record<string, string>>
}

const IMMEDIATE: Timing = { forSeconds: 0, keepFiringForSeconds: 0 }

const labelsOf = (rule: AlertRule, { assessment, label }: Subject): Readonly<Record<string, string>> => ({
  alertname: rule.name,
  severity: rule.severity,
  chainId: String(assessment.chainId),
  protocol: assessment.protocol,
  deployment: assessment.deployment,
  market: assessment.market,
  account: assessment.owner,
  ...(label === undefined ? {} : { label }),
  ...rule.labels,
})

const caseOf = (
  compiled: CompiledRule,
  subject: Subject,
  block: BlockRef,
  receivers: readonly string[],
  readField: ReadField | undefined,
): Case => ({
  rule: compiled.rule.name,
  severity: compiled.rule.severity,
  subject: subject.assessment.id,
  labels: labelsOf(compiled.rule, subject),
  observation: {
    when: evaluate(compiled.when, subject.assessment, readField),
    until: evaluate(compiled.until, subject.assessment, readField),
    timestamp: block.timestamp,
  },
  timing: compiled.rule,
  receivers,
  assessment: subject.assessment,
  annotations: () => Object.fromEntries(compiled.annotations.map(([name, text]) => [name, text(subject)])),
})

const signalCase = (signal: Signal, block: BlockRef, receivers: readonly string[]): Case => {
  const verdict = (isMet: boolean): Verdict => (isMet ? 'met' : 'clear')
  return {
    rule: signal.name,
    severity: signal.severity,
    subject: signal.subject,
    labels: { alertname: signal.name, severity: signal.severity, chainId: String(block.chainId) },
    observation: { when: verdict(signal.isMet), until: verdict(!signal.isMet), timestamp: block.timestamp },
    timing: IMMEDIATE,
    receivers,
    assessment: undefined,
    annotations: () => ({ summary: signal.summary }),
  }
}

type Stepped = {
  readonly alert: Alert | undefined
  readonly transition: Transition
  readonly fingerprint: string
}

const stepCase = (one: Case, open: ReadonlyMap<string, Alert>, block: BlockRef): Stepped => {
  const fingerprint = fingerprintOf(one.rule, one.subject, one.labels)
  const previous = open.get(fingerprint)
  const { episode, transition } = step(previous, one.observation, one.timing)
  if (!episode || episode === previous) return { alert: undefined, transition, fingerprint }
  const isNews = transition === 'firing' || transition === 'resolved' || transition === 'pending'
  const alert: Alert = {
    ...episode,
    fingerprint,
    rule: one.rule,
    subject: one.subject,
    severity: one.severity,
    labels: one.labels,
    annotations: isNews || !previous ? one.annotations() : previous.annotations,
    block: isNews || !previous ? block : previous.block,
  }
  return { alert, transition, fingerprint }
}

/** Alerts of positions that are gone resolve: there is no loan left to be near anything. */
const closeAlerts = (
  input: EngineInput,
  open: ReadonlyMap<string, Alert>,
  receiversOf: (alert: Alert) => readonly string[],
): EngineOutput => {
  const closed = new Set(input.closed)
  const gone = [...open.values()].filter(({ subject, state }) => closed.has(subject) && state !== 'resolved')
  const alerts = gone
    .filter(({ state }) => state === 'firing')
    .map(
      (alert): Alert => ({ ...alert, state: 'resolved', endsAt: input.block.timestamp, block: input.block }),
    )
  return {
    alerts,
    cancelled: gone.filter(({ state }) => state === 'pending').map(({ fingerprint }) => fingerprint),
    changes: alerts.map((alert) => ({
      ...{ alert, status: 'resolved', receivers: receiversOf(alert), assessment: undefined },
    })),
  }
}

/**
 * Compiles the rules once. Watched positions speak to the receivers of their watches; book-wide rules and the watcher's
 * own signals to all receivers. Throws `RuleError`.
 */
export const createEngine = (options: {
  readonly rules: readonly AlertRule[]
  readonly watches: readonly Watch[]
  readonly receivers: readonly string[]
  readonly readField?: ReadField
}): Engine => {
  const rules = options.rules.map(compileRule)
  const watchesOf = new Map<Address, Watch[]>()
  for (const watch of options.watches)
    watchesOf.set(watch.account, [...(watchesOf.get(watch.account) ?? []), watch])
  const receiversOfOwner = (owner: string): readonly string[] => [
    ...new Set((watchesOf.get(owner as Address) ?? []).flatMap(({ receivers }) => receivers)),
  ]
  const bookWide = rules.filter(({ rule }) => rule.scope === 'book')
  const isBookWide = new Set(bookWide.map(({ rule }) => rule.name))

  const casesOf = ({ assessments, signals, block }: EngineInput): readonly Case[] => [
    ...assessments.flatMap((assessment) => {
      const watches = watchesOf.get(assessment.owner)
      const subject: Subject = { assessment, label: watches?.find(({ label }) => label)?.label }
      return rules.flatMap((compiled) => {
        const isBook = isBookWide.has(compiled.rule.name)
        if ((!isBook && !watches) || !compiled.matches(subject)) return []
        const receivers = isBook ? options.receivers : receiversOfOwner(assessment.owner)
        return [caseOf(compiled, subject, block, receivers, options.readField)]
      })
    }),
    ...signals.map((signal) => signalCase(signal, block, options.receivers)),
  ]

  return {
    quiet: (deployment) =>
      quietIn(bookWide.filter(({ rule }) => mayMatch(rule, deployment)).map(({ when }) => when)),
    restlessRules: bookWide.filter(({ when }) => quietIn([when]).length === 0).map(({ rule }) => rule.name),
    step: (open, input) => {
      const output = closeAlerts(input, open, ({ rule, labels }) =>
        isBookWide.has(rule) ? options.receivers : receiversOfOwner(labels['account'] ?? ''),
      )
      const alerts = [...output.alerts]
      const cancelled = [...output.cancelled]
      const changes = [...output.changes]
      for (const one of casesOf(input)) {
        const { alert, transition, fingerprint } = stepCase(one, open, input.block)
        if (transition === 'cancelled') cancelled.push(fingerprint)
        if (alert) alerts.push(alert)
        if (alert && (transition === 'firing' || transition === 'resolved'))
          changes.push({
            ...{ alert, status: transition, receivers: one.receivers, assessment: one.assessment },
          })
      }
      return { alerts, cancelled, changes }
    },
  }
}
