// One rule on one subject in one cycle, and what its alert becomes.
import type { Alert, AlertRule, Severity } from '../model/alert.ts'
import type { BlockRef } from '../model/block.ts'
import type { Verdict } from './expression.ts'
import { fingerprintOf } from './fingerprint.ts'
import {
  type Episode,
  type Observation,
  retract,
  type Step,
  step,
  type Timing,
  type Transition,
} from './machine.ts'
import type { CompiledRule } from './rules.ts'
import type { Subject } from './subject.ts'

/** Something that the watcher watches of itself, stepped like a rule of its own. */
export type Signal = {
  readonly name: string
  readonly subject: string
  readonly severity: Severity
  readonly isMet: boolean
  readonly summary: string
}

type Labels = Readonly<Record<string, string>>

/** `isEvent`: what it says is of the block at which it fired, for good. `isUndoable`: a reorg undoes it. */
export type Case = {
  readonly rule: string
  readonly severity: Severity
  readonly subject: string
  readonly labels: Labels
  readonly observation: Observation
  readonly timing: Timing
  readonly isEvent: boolean
  readonly isUndoable: boolean
  readonly receivers: readonly string[]
  readonly sendResolved: boolean
  /** The loan, if it is about one. */
  readonly loan: Subject | undefined
  annotations(): Labels
}

/** Whether labels are these and no others. */
const hasLabels = (labels: Labels, wanted: Labels): boolean => {
  const names = Object.keys(wanted)
  return Object.keys(labels).length === names.length && names.every((name) => labels[name] === wanted[name])
}

const IMMEDIATE: Timing = { forSeconds: 0, keepFiringForSeconds: 0 }

/** Labels of a rule's alert on a loan; with those of the rule itself, which win. */
const labelsOf = (rule: AlertRule, { loan, label }: Subject): Labels => ({
  alertname: rule.name,
  severity: rule.severity,
  chainId: String(loan.chainId),
  protocol: loan.protocol,
  deployment: loan.deployment,
  market: loan.market,
  account: loan.owner,
  ...(label === undefined ? {} : { label }),
  ...rule.labels,
})

/** Whether the end of a rule's alerts is told. */
export const sendsResolved = ({ rule, isEvent }: CompiledRule): boolean => rule.sendResolved ?? !isEvent

export const caseOf = (
  compiled: CompiledRule,
  subject: Subject,
  observation: Observation,
  receivers: readonly string[],
): Case => {
  const { rule, isEvent, isOfKnowledge } = compiled
  const labels = labelsOf(rule, subject)
  return {
    rule: rule.name,
    severity: rule.severity,
    subject: subject.loan.id,
    labels,
    observation,
    timing: rule,
    isEvent,
    isUndoable: !isOfKnowledge,
    receivers,
    sendResolved: sendsResolved(compiled),
    loan: subject,
    annotations: () =>
      Object.fromEntries(compiled.annotations.map(([name, text]) => [name, text({ subject, labels })])),
  }
}

const verdict = (isMet: boolean): Verdict => (isMet ? 'met' : 'clear')

export const signalCase = (signal: Signal, block: BlockRef, receivers: readonly string[]): Case => ({
  rule: signal.name,
  severity: signal.severity,
  subject: signal.subject,
  labels: {
    ...{ alertname: signal.name, severity: signal.severity },
    ...(block.chainId === 0 ? {} : { chainId: String(block.chainId) }),
  },
  observation: {
    when: verdict(signal.isMet),
    until: verdict(!signal.isMet),
    timestamp: block.timestamp,
  },
  timing: IMMEDIATE,
  isEvent: false,
  isUndoable: false,
  receivers,
  sendResolved: true,
  loan: undefined,
  annotations: () => ({ summary: signal.summary }),
})

/** Whether what an alert rests on is above all that a reorg left standing. */
export const isOrphaned = (alert: Alert | undefined, keptUntil: bigint | undefined): boolean =>
  alert !== undefined && keptUntil !== undefined && alert.block.number > keptUntil

export const REORGED = 'a reorg undid the block in which it had begun'

/** `alert` is undefined where nothing of it changed. */
export type Stepped = {
  readonly alert: Alert | undefined
  readonly transition: Transition
  readonly fingerprint: string
}

/** An event that is over is undone all the same where its block is. */
const stepOf = (one: Case, previous: Episode | undefined, orphaned: boolean): Step => {
  if (one.isEvent && previous?.state === 'resolved' && orphaned && one.observation.when === 'clear')
    return retract(previous, one.observation.timestamp)
  return step(previous, one.observation, one.timing, orphaned)
}

const annotationsOf = (one: Case, previous: Alert | undefined, transition: Transition): Labels => {
  if (transition === 'none' && previous) return previous.annotations
  const isOver = transition === 'resolved' || transition === 'retracted'
  const own = previous && isOver && one.isEvent ? previous.annotations : one.annotations()
  return transition === 'retracted' ? { ...own, reason: REORGED } : own
}

/**
 * Steps one case; `known` are all alerts on its subject. An alert stands at the block of its last transition; one that outlives a reorg of that block, its condition still
 * met, stands at the block at which it was found so.
 */
export const stepCase = (
  one: Case,
  known: readonly Alert[],
  block: BlockRef,
  keptUntil: bigint | undefined,
): Stepped => {
  const previous = known.find(({ rule, labels }) => rule === one.rule && hasLabels(labels, one.labels))
  const fingerprint = previous?.fingerprint ?? fingerprintOf(one.rule, one.subject, one.labels)
  const orphaned = one.isUndoable && isOrphaned(previous, keptUntil)
  const { episode, transition } = stepOf(one, previous, orphaned)
  const isAnchored =
    orphaned && transition === 'none' && one.observation.when === 'met' && episode?.state === 'firing'
  if (!episode || (episode === previous && !isAnchored)) return { alert: undefined, transition, fingerprint }
  const staysAt = transition === 'none' ? !isAnchored : transition === 'resolved' && one.isEvent
  const alert: Alert = {
    ...episode,
    fingerprint,
    rule: one.rule,
    subject: one.subject,
    severity: one.severity,
    labels: one.labels,
    annotations: annotationsOf(one, previous, transition),
    block: previous && staysAt ? previous.block : block,
  }
  return { alert, transition, fingerprint }
}
