import type { AlertRule } from '../model/alert.ts'
import type { Assessment } from '../model/assessment.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { compileExpression, type Expression, negated } from './expression.ts'
import { requireBookFields } from './quiet.ts'
import { compileTemplate } from './template.ts'

export class RuleError extends BaseError {
  override readonly name = 'RuleError'
  constructor(rule: string, part: string, cause: unknown) {
    super(`rule ${rule}, ${part}: ${messageOf(cause)}`, {
      ...(cause instanceof BaseError && cause.remedy ? { remedy: cause.remedy } : {}),
      cause,
    })
  }
}

/** A position with the label of its watch, if it is watched. */
export type Subject = { readonly assessment: Assessment; readonly label: string | undefined }

/** A rule ready to be stepped. */
export type CompiledRule = {
  readonly rule: AlertRule
  readonly when: Expression
  readonly until: Expression
  readonly annotations: readonly (readonly [name: string, text: (subject: Subject) => string])[]
  matches(subject: Subject): boolean
}

const matchable: Readonly<Record<string, (subject: Subject) => string | undefined>> = {
  protocol: ({ assessment }) => assessment.protocol,
  deployment: ({ assessment }) => assessment.deployment,
  market: ({ assessment }) => assessment.market,
  chainId: ({ assessment }) => String(assessment.chainId),
  account: ({ assessment }) => assessment.owner,
  label: ({ label }) => label,
}

/** The names that `match` may use. */
export const MATCHABLE = Object.keys(matchable)

const part = <T>(rule: AlertRule, name: string, compile: () => T): T => {
  try {
    return compile()
  } catch (error) {
    throw new RuleError(rule.name, name, error)
  }
}

/** Compiles a rule; throws `RuleError` that names the rule, the part of it and the place. */
export const compileRule = (rule: AlertRule): CompiledRule => {
  const compile = (text: string): Expression => {
    const expression = compileExpression(text)
    if (rule.scope === 'book') requireBookFields(expression)
    return expression
  }
  const when = part(rule, 'when', () => compile(rule.when))
  const { until } = rule
  return {
    rule,
    when,
    until: until === undefined ? negated(when) : part(rule, 'until', () => compile(until)),
    annotations: Object.entries(rule.annotations).map(
      ([name, text]) => [name, part(rule, `annotations.${name}`, () => compileTemplate(text))] as const,
    ),
    matches: (subject) =>
      Object.entries(rule.match).every(([name, wanted]) => matchable[name]?.(subject) === wanted),
  }
}
