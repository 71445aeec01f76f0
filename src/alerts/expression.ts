// The language of rules: comparisons of a field with a literal, joined by and, or, not and parentheses.
import type { Assessment } from '../model/assessment.ts'
import { BaseError } from '../model/errors.ts'
import { parseDecimal } from '../units/decimal.ts'
import { type FieldValue, fields } from './fields.ts'

export class ExpressionError extends BaseError {
  override readonly name = 'ExpressionError'
  constructor(text: string, position: number, expected: string) {
    super(`"${text}" at character ${position + 1}: expected ${expected}`, {
      remedy: 'Write comparisons such as "healthFactor < 1.10 and debtUsd > 1000".',
    })
  }
}

/** `unknown`: a field that decides is not known. */
export type Verdict = 'met' | 'clear' | 'unknown'

export type Expression = (assessment: Assessment) => Verdict

const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
type Operator = (typeof OPERATORS)[number]

type Token = { readonly text: string; readonly at: number }

const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  const pattern =
    /\s*(?:(<=|>=|==|!=|<|>|\(|\))|("[^"]*"|'[^']*')|(-?\d[\d_]*(?:\.\d+)?%?)|([A-Za-z][A-Za-z0-9]*))/y
  let at = 0
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) throw new ExpressionError(text, at, 'a field, a number, a quoted word or an operator')
    const token = match.slice(1).find((part) => part !== undefined) ?? ''
    tokens.push({ text: token, at: pattern.lastIndex - token.length })
    at = pattern.lastIndex
  }
  return tokens
}

const PERCENT_PLACES = 16

const literalOf = (token: string): bigint | boolean | string | undefined => {
  if (token === 'true' || token === 'false') return token === 'true'
  if (/^["']/.test(token)) return token.slice(1, -1)
  return token.endsWith('%') ? parseDecimal(token.slice(0, -1), PERCENT_PLACES) : parseDecimal(token, 18)
}

const typeOf = (value: bigint | boolean | string): 'number' | 'boolean' | 'string' =>
  typeof value === 'bigint' ? 'number' : (typeof value as 'boolean' | 'string')

const holds = (
  value: NonNullable<FieldValue>,
  operator: Operator,
  literal: bigint | boolean | string,
): boolean => {
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

const and = (a: Verdict, b: Verdict): Verdict =>
  a === 'clear' || b === 'clear' ? 'clear' : a === 'met' && b === 'met' ? 'met' : 'unknown'
const not = (a: Verdict): Verdict => (a === 'unknown' ? a : a === 'met' ? 'clear' : 'met')
const or = (a: Verdict, b: Verdict): Verdict => not(and(not(a), not(b)))

/** The opposite of an expression; unknown stays unknown. */
export const negated =
  (expression: Expression): Expression =>
  (assessment) =>
    not(expression(assessment))

/** Recursive descent over the tokens: or, and, not, comparison. */
const createParser = (text: string) => {
  const tokens = tokenize(text)
  let next = 0
  const peek = (): string | undefined => tokens[next]?.text
  const fail = (expected: string): never => {
    throw new ExpressionError(text, tokens[next]?.at ?? text.length, expected)
  }
  const take = (): string => {
    const token = tokens[next]
    if (!token) return fail('more')
    next += 1
    return token.text
  }

  const comparison = (): Expression => {
    const name = peek() ?? ''
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) return fail(`one of ${Object.keys(fields).join(', ')}`)
    take()
    const operator = OPERATORS.find((one) => one === peek()) ?? fail(`one of ${OPERATORS.join(' ')}`)
    if (field.type !== 'number' && operator !== '==' && operator !== '!=')
      fail(`== or !=, since ${name} is no number`)
    take()
    const literal = literalOf(peek() ?? '')
    if (literal === undefined || typeOf(literal) !== field.type) return fail(`a ${field.type}`)
    take()
    return (assessment) => {
      const value = field.of(assessment)
      if (value === undefined) return 'unknown'
      return holds(value, operator, literal) ? 'met' : 'clear'
    }
  }
  const factor = (): Expression => {
    if (peek() === 'not') {
      take()
      return negated(factor())
    }
    if (peek() !== '(') return comparison()
    take()
    const inner = disjunction()
    if (peek() !== ')') fail('")"')
    take()
    return inner
  }
  const chain = (word: string, operand: () => Expression, join: typeof and) => (): Expression => {
    let left = operand()
    while (peek() === word) {
      take()
      const [before, after] = [left, operand()]
      left = (assessment) => join(before(assessment), after(assessment))
    }
    return left
  }
  const conjunction = chain('and', factor, and)
  const disjunction: () => Expression = chain('or', conjunction, or)
  return (): Expression => {
    const expression = disjunction()
    if (next < tokens.length) fail('"and", "or" or the end')
    return expression
  }
}

/** Compiles an expression; throws `ExpressionError` with the place and what was expected there. */
export const compileExpression = (text: string): Expression => createParser(text)()
