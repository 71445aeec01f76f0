// The part `notify` of plimsoll.yaml: what is told how often, together, and to whom next.
import { z } from 'zod'
import { sendsResolved } from '../../alerts/cases.ts'
import { labelFault, labelText, matcherFault } from '../../alerts/labels.ts'
import { kindOf, type Receiver } from '../../alerts/notifiers/index.ts'
import { type CompiledRule, compileRule } from '../../alerts/rules.ts'
import { builtInInhibitions, type NotifySettings, type ReceiverSettings } from '../../alerts/settings.ts'
import { type AlertRule, SEVERITIES } from '../../model/alert.ts'
import type { LabelMatch } from '../../model/notice.ts'
import type { PathFault } from './issues.ts'
import { receiverFaults } from './named.ts'

const HOUR_SECONDS = 3_600
const DAY_SECONDS = 24 * HOUR_SECONDS

/** As labels have it: accounts with their checksum. */
const matchValue = z
  .union([z.string(), z.number()])
  .transform((given) => labelText(String(given)))
  .superRefine((text, context) => {
    const fault = matcherFault(text)
    if (fault) context.addIssue({ code: 'custom', message: fault })
  })
const labelMatch = z
  .record(z.string().min(1), matchValue)
  .refine((match) => Object.keys(match).length > 0, 'names no label')

const repeatSeconds = (severity: string, seconds: number) =>
  z
    .int()
    .nonnegative()
    .default(seconds)
    .describe(`An alert of severity ${severity} that still fires is told again after so long; 0: never.`)

const DEFAULT_REPEAT = { info: 0, warning: DAY_SECONDS, critical: 4 * HOUR_SECONDS }

export const notifySchema = z.strictObject({
  groupBy: z
    .array(z.string().min(1))
    .default(['chainId', 'severity'])
    .describe('Alerts that agree in these labels go in one message, to receivers that people read.'),
  groupMin: z
    .int()
    .nonnegative()
    .default(5)
    .describe('Up to so many alerts at a time, each has a message of its own.'),
  groupWaitSeconds: z
    .int()
    .nonnegative()
    .default(0)
    .describe('The first alert of a group waits so long for others, at receivers that people read.'),
  repeatSeconds: z
    .strictObject({
      info: repeatSeconds('info', DEFAULT_REPEAT.info),
      warning: repeatSeconds('warning', DEFAULT_REPEAT.warning),
      critical: repeatSeconds('critical', DEFAULT_REPEAT.critical),
    })
    .default(DEFAULT_REPEAT),
  escalate: z
    .array(
      z.strictObject({
        afterSeconds: z.int().positive().describe('So long after it was first told, and not acknowledged.'),
        severity: z.enum(SEVERITIES).default('critical').describe('Alerts as bad as this, or worse.'),
        receivers: z.array(z.string()).min(1).describe('Who is told then, besides who was told already.'),
      }),
    )
    .default([]),
  inhibit: z
    .array(
      z.strictObject({
        source: labelMatch.describe('The alert that is told: labels with values, exact or /expressions/.'),
        target: labelMatch.describe('The alerts that are not told while it fires; none that are worse.'),
        equal: z
          .array(z.string().min(1))
          .default(['subject'])
          .describe('Labels in which both agree; subject is the loan.'),
      }),
    )
    .default([]),
})

export type NotifyInput = z.infer<typeof notifySchema>

/** Names of receivers that are not there, and of labels that no alert has. */
export const notifyFaults = (
  notify: NotifyInput,
  receivers: readonly { readonly name: string }[],
  rules: readonly Pick<AlertRule, 'labels'>[],
): readonly PathFault[] => {
  const ofNames = (path: readonly PropertyKey[], names: readonly string[]): readonly PathFault[] =>
    names.flatMap((name, at) => {
      const message = labelFault(rules, name)
      return message === undefined ? [] : [{ path: ['notify', ...path, at], message }]
    })
  const ofMatch = (path: readonly PropertyKey[], match: LabelMatch): readonly PathFault[] =>
    Object.entries(match).flatMap(([name, value]) => {
      const message = labelFault(rules, name, value)
      return message === undefined ? [] : [{ path: ['notify', ...path, name], message }]
    })
  return [
    ...notify.escalate.flatMap(({ receivers: wanted }, index) =>
      receiverFaults(wanted, receivers, ['notify', 'escalate', index, 'receivers']),
    ),
    ...ofNames(['groupBy'], notify.groupBy),
    ...notify.inhibit.flatMap(({ source, target, equal }, index) => [
      ...ofMatch(['inhibit', index, 'source'], source),
      ...ofMatch(['inhibit', index, 'target'], target),
      ...ofNames(['inhibit', index, 'equal'], equal),
    ]),
  ]
}

const receiverSettings = (receiver: Receiver): ReceiverSettings => ({
  isForPeople: kindOf(receiver).kind.isForPeople,
  sendResolved: receiver.sendResolved ?? true,
  minSeverity: receiver.minSeverity ?? 'info',
  quietHours: receiver.quietHours,
})

/** What the pipeline goes by. */
export const notifySettings = (
  { inhibit, ...rest }: NotifyInput,
  receivers: readonly Receiver[],
  rules: readonly AlertRule[],
): NotifySettings => {
  const compiled = rules.map(compileRule)
  const namesOf = (is: (rule: CompiledRule) => boolean): ReadonlySet<string> =>
    new Set(compiled.filter(is).map(({ rule }) => rule.name))
  return {
    ...rest,
    inhibit: [...builtInInhibitions, ...inhibit],
    receivers: new Map(receivers.map((receiver) => [receiver.name, receiverSettings(receiver)])),
    unknownRules: namesOf(({ isOfKnowledge }) => isOfKnowledge),
    eventRules: namesOf(({ isEvent }) => isEvent),
    endlessRules: namesOf((rule) => !sendsResolved(rule)),
  }
}
