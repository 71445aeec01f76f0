// The language of rules, its text: `healthFactor < 1.10 and phase in ("healthy", "liquidatable")`.
import { BaseError } from '../model/errors.ts'
import { parseDecimal } from '../units/decimal.ts'
import { type Expression, type Literal, negated, OPERATORS, type Operator } from './expression.ts'
import { fields } from './fields.ts'

export class ExpressionError extends BaseError {
  override readonly name = 'ExpressionError'
  constructor(text: string, position: number, expected: string) {
    super(`"${text}" at character ${position + 1}: expected ${expected}`, {
      remedy: 'Write comparisons such as "healthFactor < 1.10 and debtUsd > 1000".',
    })
  }
}

type Token = { readonly text: string; readonly at: number }

const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  const pattern =
    /\s*(?:(<=|>=|==|!=|<|>|\(|\)|,)|("[^"]*"|'[^']*')|(-?\d[\d_]*(?:\.\d+)?(?:%|[smhdw]\b)?)|([A-Za-z][A-Za-z0-9]*))/y
  let at = 0
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) {
      const place = at + (text.slice(at).length - text.slice(at).trimStart().length)
      throw new ExpressionError(
        text,
        place,
        `a field, a number, a word in quotes, and, or, not, or one of ${OPERATORS.join(' ')}`,
      )
    }
    const token = match.slice(1).find((part) => part !== undefined) ?? ''
    tokens.push({ text: token, at: pattern.lastIndex - token.length })
    at = pattern.lastIndex
  }
  return tokens
}

const PERCENT_PLACES = 16
const SPAN_SECONDS: Readonly<Record<string, bigint>> = {
  s: 1n,
  m: 60n,
  h: 3_600n,
  d: 86_400n,
  w: 604_800n,
}

type Field = (typeof fields)[string]

/** A number (a wad) of a field: percent where it is no time, a span where it is one. */
const numberOf = (token: string, { kind }: Field): bigint | undefined => {
  const unit = token.at(-1) ?? ''
  const span = SPAN_SECONDS[unit]
  if (span === undefined && unit !== '%') return parseDecimal(token, 18)
  if ((kind === 'seconds') !== (span !== undefined)) return undefined
  const digits = token.slice(0, -1)
  if (span === undefined) return parseDecimal(digits, PERCENT_PLACES)
  const count = parseDecimal(digits, 18)
  return count === undefined ? undefined : count * span
}

const literalOf = (token: string, field: Field): Literal | undefined => {
  if (field.type === 'boolean') return token === 'true' || token === 'false' ? token === 'true' : undefined
  if (field.type === 'string') {
    const word = /^["']/.test(token) ? token.slice(1, -1) : undefined
    return word !== undefined && field.values?.includes(word) === false ? undefined : word
  }
  const number = /^-?\d/.test(token) ? numberOf(token, field) : undefined
  return number !== undefined && field.isFall && number > 0n ? undefined : number
}

const expectedOf = ({ type, kind, values, isFall }: Field): string => {
  if (isFall) return 'a fall, below 0, such as -5%'
  if (type === 'boolean') return 'true or false'
  if (type === 'string') return values ? `one of "${values.join('", "')}"` : 'a quoted word'
  return kind === 'seconds'
    ? 'a number of seconds or a span such as 3d'
    : 'a number such as 1.10 or 5%, without a unit of time'
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

const parseLiteral = ({ peek, skip, fail }: Cursor, field: Field): Literal => {
  const literal = literalOf(peek() ?? '', field) ?? fail(expectedOf(field))
  skip()
  return literal
}

/** `in (a, b)`: any of them. */
const parseList = (cursor: Cursor, name: string, field: Field): Expression => {
  const { peek, skip, fail } = cursor
  const expect = (token: string): void => {
    if (peek() !== token) fail(`"${token}"`)
    skip()
  }
  const one = (): Expression => ({
    ...{ kind: 'comparison', field: name, operator: '==', literal: parseLiteral(cursor, field) },
  })
  expect('(')
  let list = one()
  while (peek() === ',') {
    skip()
    list = { kind: 'or', left: list, right: one() }
  }
  if (peek() !== ')') fail('"," or ")"')
  skip()
  return list
}

/** What may stand behind a field. */
const operatorOf = (name: string, { type }: Field): string =>
  type === 'boolean' ? `== or != or in, as in "${name} == true"` : `one of ${OPERATORS.join(' ')} in`

const parseComparison = (cursor: Cursor): Expression => {
  const { peek, skip, fail } = cursor
  const name = peek() ?? ''
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field) return fail(`one of ${Object.keys(fields).join(', ')}`)
  skip()
  if (peek() === 'in') {
    skip()
    return parseList(cursor, name, field)
  }
  const operator: Operator = OPERATORS.find((one) => one === peek()) ?? fail(operatorOf(name, field))
  if (field.type !== 'number' && operator !== '==' && operator !== '!=')
    fail(`== or != or in, since ${name} is no number`)
  skip()
  return { kind: 'comparison', field: name, operator, literal: parseLiteral(cursor, field) }
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
