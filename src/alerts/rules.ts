import type { AlertRule } from '../model/alert.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { requireApart, requireMeetable } from './consistency.ts'
import { comparisonsIn, type Expression, negated } from './expression.ts'
import { fields } from './fields.ts'
import { compileExpression } from './parse.ts'
import { requireBookFields } from './quiet.ts'
import type { Subject } from './subject.ts'
import { compileTemplate, type Template } from './template.ts'

export class RuleError extends BaseError {
  override readonly name = 'RuleError'
  /** Which part of the rule: `when`, `until`, `annotations.summary`. */
  readonly part: string
  constructor(rule: string, part: string, cause: unknown) {
    super(`rule ${rule}, ${part}: ${messageOf(cause)}`, {
      ...(cause instanceof BaseError && cause.remedy ? { remedy: cause.remedy } : {}),
      cause,
    })
    this.part = part
  }
}

/** A rule ready to be stepped. */
export type CompiledRule = {
  readonly rule: AlertRule
  readonly when: Expression
  readonly until: Expression
  /** Speaks of what happens in one cycle: that it is over is no news. */
  readonly isEvent: boolean
  /** Speaks of what is known, which no reorg undoes. */
  readonly isOfKnowledge: boolean
  readonly annotations: readonly (readonly [name: string, text: Template])[]
  matches(subject: Subject): boolean
}

const matchable: Readonly<Record<string, (subject: Subject) => string | undefined>> = {
  protocol: ({ loan }) => loan.protocol,
  deployment: ({ loan }) => loan.deployment,
  market: ({ loan }) => loan.market,
  chainId: ({ loan }) => String(loan.chainId),
  account: ({ loan }) => loan.owner,
  label: ({ label }) => label,
}

/** The names that `match` may use. */
export const MATCHABLE = Object.keys(matchable)

const matcherOf = ({ match }: AlertRule): ((subject: Subject) => boolean) => {
  const wanted = Object.entries(match).map(([name, value]) => [matchable[name], value] as const)
  return (subject) => wanted.every(([of, value]) => of?.(subject) === value)
}

type Faults = RuleError[]

/** What `compile` makes of a part of a rule; undefined, with the fault noted, where it is wrong. */
const partOf = <T>(faults: Faults, { name }: AlertRule, part: string, compile: () => T): T | undefined => {
  try {
    return compile()
  } catch (error) {
    faults.push(new RuleError(name, part, error))
    return undefined
  }
}

const compiled = (rule: AlertRule, faults: Faults): CompiledRule | undefined => {
  const compile = (text: string): Expression => {
    const expression = compileExpression(text)
    if (rule.scope === 'book') requireBookFields(expression)
    requireMeetable(expression)
    return expression
  }
  const when = partOf(faults, rule, 'when', () => compile(rule.when))
  const until = partOf(faults, rule, 'until', () => {
    const end = rule.until === undefined ? undefined : compile(rule.until)
    if (when && end) requireApart(when, end)
    return end ?? (when && negated(when))
  })
  const annotations = Object.entries(rule.annotations).flatMap(([name, text]) => {
    const template = partOf(faults, rule, `annotations.${name}`, () => compileTemplate(text))
    return template ? [[name, template] as const] : []
  })
  if (!when || !until || faults.length > 0) return undefined
  const has = (kind: string): boolean => comparisonsIn(when).some(({ field }) => fields[field]?.kind === kind)
  const kinds = { isEvent: has('event'), isOfKnowledge: has('knowledge') }
  return { rule, when, until, ...kinds, annotations, matches: matcherOf(rule) }
}

/** Everything that is wrong with a rule, with the part of it and the place. */
export const ruleFaults = (rule: AlertRule): readonly RuleError[] => {
  const faults: Faults = []
  compiled(rule, faults)
  return faults
}

/** Compiles a rule; throws `RuleError` that names the rule, the part of it and the place. */
export const compileRule = (rule: AlertRule): CompiledRule => {
  const faults: Faults = []
  const result = compiled(rule, faults)
  if (!result) throw faults[0] ?? new RuleError(rule.name, 'when', 'cannot be compiled')
  return result
}
