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
    if (!match) {
      const place = at + (text.slice(at).length - text.slice(at).trimStart().length)
      throw new ExpressionError(text, place, 'a field, a number, a quoted word or an operator')
    }
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

/** A place in the tokens of an expression. */
const createCursor = (text: string) => {
  const tokens = tokenize(text)
  let next = 0
  return {
    peek: (): string | undefined => tokens[next]?.text,
    skip: (): void => {
      next += 1
    },
    fail: (expected: string): never => {
      throw new ExpressionError(text, tokens[next]?.at ?? text.length, expected)
    },
  }
}

type Cursor = ReturnType<typeof createCursor>

const parseComparison = ({ peek, skip, fail }: Cursor): Expression => {
  const name = peek() ?? ''
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field) return fail(`one of ${Object.keys(fields).join(', ')}`)
  skip()
  const operator = OPERATORS.find((one) => one === peek()) ?? fail(`one of ${OPERATORS.join(' ')}`)
  if (field.type !== 'number' && operator !== '==' && operator !== '!=')
    fail(`== or !=, since ${name} is no number`)
  skip()
  const literal = literalOf(peek() ?? '')
  if (literal === undefined || typeOf(literal) !== field.type) return fail(`a ${field.type}`)
  skip()
  return (assessment) => {
    const value = field.of(assessment)
    if (value === undefined) return 'unknown'
    return holds(value, operator, literal) ? 'met' : 'clear'
  }
}

const parseFactor = (cursor: Cursor): Expression => {
  const { peek, skip, fail } = cursor
  if (peek() === 'not') {
    skip()
    return negated(parseFactor(cursor))
  }
  if (peek() !== '(') return parseComparison(cursor)
  skip()
  const inner = parseDisjunction(cursor)
  if (peek() !== ')') fail('")"')
  skip()
  return inner
}

const parseChain = (
  cursor: Cursor,
  word: string,
  operand: (cursor: Cursor) => Expression,
  join: typeof and,
): Expression => {
  let left = operand(cursor)
  while (cursor.peek() === word) {
    cursor.skip()
    const [before, after] = [left, operand(cursor)]
    left = (assessment) => join(before(assessment), after(assessment))
  }
  return left
}

const parseConjunction = (cursor: Cursor): Expression => parseChain(cursor, 'and', parseFactor, and)
const parseDisjunction = (cursor: Cursor): Expression => parseChain(cursor, 'or', parseConjunction, or)

/** Compiles an expression; throws `ExpressionError` with the place and what was expected there. */
export const compileExpression = (text: string): Expression => {
  const cursor = createCursor(text)
  const expression = parseDisjunction(cursor)
  if (cursor.peek() !== undefined) cursor.fail('"and", "or" or the end')
  return expression
}
