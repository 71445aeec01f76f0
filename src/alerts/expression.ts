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

/** A comparison of a field with a literal (numbers are wads), or expressions joined. */
export type Expression =
  | {
      readonly kind: 'comparison'
      readonly field: string
      readonly operator: Operator
      readonly literal: bigint | boolean | string
    }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }

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

/** Whether a known value compares so. */
export const holds = (
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

const not = (a: Verdict): Verdict => (a === 'unknown' ? a : a === 'met' ? 'clear' : 'met')

/** What two verdicts make together. */
export const joined = (kind: 'and' | 'or', a: Verdict, b: Verdict): Verdict => {
  if (kind === 'or') return not(joined('and', not(a), not(b)))
  return a === 'clear' || b === 'clear' ? 'clear' : a === 'met' && b === 'met' ? 'met' : 'unknown'
}

/** The opposite of an expression; unknown stays unknown. */
export const negated = (inner: Expression): Expression => ({ kind: 'not', inner })

/** Where the values of fields come from: an assessment itself, but in tests of rules. */
export type ReadField = (field: string, assessment: Assessment) => FieldValue

const assessedValue: ReadField = (field, assessment) => fields[field]?.of(assessment)

/** What an expression says of an assessment. */
export const evaluate = (
  expression: Expression,
  assessment: Assessment,
  readField: ReadField = assessedValue,
): Verdict => {
  if (expression.kind === 'not') return not(evaluate(expression.inner, assessment, readField))
  if (expression.kind !== 'comparison') {
    const { kind, left, right } = expression
    return joined(kind, evaluate(left, assessment, readField), evaluate(right, assessment, readField))
  }
  const value = readField(expression.field, assessment)
  if (value === undefined) return 'unknown'
  return holds(value, expression.operator, expression.literal) ? 'met' : 'clear'
}

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
  return { kind: 'comparison', field: name, operator, literal }
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
  kind: 'and' | 'or',
  operand: (cursor: Cursor) => Expression,
): Expression => {
  let left = operand(cursor)
  while (cursor.peek() === kind) {
    cursor.skip()
    left = { kind, left, right: operand(cursor) }
  }
  return left
}

const parseConjunction = (cursor: Cursor): Expression => parseChain(cursor, 'and', parseFactor)
const parseDisjunction = (cursor: Cursor): Expression => parseChain(cursor, 'or', parseConjunction)

/** Compiles an expression; throws `ExpressionError` with the place and what was expected there. */
export const compileExpression = (text: string): Expression => {
  const cursor = createCursor(text)
  const expression = parseDisjunction(cursor)
  if (cursor.peek() !== undefined) cursor.fail('"and", "or" or the end')
  return expression
}
