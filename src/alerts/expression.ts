// The language of rules, its meaning: comparisons of a field with a literal, joined by and, or, not and parentheses.
import type { FieldValue } from './fields.ts'

/** `unknown`: a field that decides is not known. */
export type Verdict = 'met' | 'clear' | 'unknown'

export const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
export type Operator = (typeof OPERATORS)[number]

export type Literal = bigint | boolean | string

/** A comparison of a field with a literal (numbers are wads). */
export type Comparison = {
  readonly kind: 'comparison'
  readonly field: string
  readonly operator: Operator
  readonly literal: Literal
}

/** A comparison, or expressions joined. */
export type Expression =
  | Comparison
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }

/** Whether a known value compares so. */
export const holds = (value: NonNullable<FieldValue>, operator: Operator, literal: Literal): boolean => {
  switch (operator) {
    case '==':
      return value === literal
    case '!=':
      return value !== literal
    case '<':
      return value < literal
    case '<=':
      return value <= literal
    case '>':
      return value > literal
    case '>=':
      return value >= literal
  }
}

const not = (a: Verdict): Verdict => (a === 'unknown' ? a : a === 'met' ? 'clear' : 'met')

/** What two verdicts make together. */
export const joined = (kind: 'and' | 'or', a: Verdict, b: Verdict): Verdict => {
  if (kind === 'or') return not(joined('and', not(a), not(b)))
  return a === 'clear' || b === 'clear' ? 'clear' : a === 'met' && b === 'met' ? 'met' : 'unknown'
}

/** The opposite of an expression; unknown stays unknown. */
export const negated = (inner: Expression): Expression => ({ kind: 'not', inner })

/** The comparisons of an expression, from left to right. */
export const comparisonsIn = (expression: Expression): readonly Comparison[] => {
  if (expression.kind === 'comparison') return [expression]
  if (expression.kind === 'not') return comparisonsIn(expression.inner)
  return [...comparisonsIn(expression.left), ...comparisonsIn(expression.right)]
}

/** What an expression says where fields have these values. What stands right is asked only where left does not decide. */
export const evaluate = (expression: Expression, read: (field: string) => FieldValue): Verdict => {
  if (expression.kind === 'not') return not(evaluate(expression.inner, read))
  if (expression.kind !== 'comparison') {
    const { kind, left, right } = expression
    const first = evaluate(left, read)
    if (first === (kind === 'and' ? 'clear' : 'met')) return first
    return joined(kind, first, evaluate(right, read))
  }
  const value = read(expression.field)
  if (value === undefined) return 'unknown'
  return holds(value, expression.operator, expression.literal) ? 'met' : 'clear'
}
