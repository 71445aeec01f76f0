// The static analysis of book-wide rules against the rules themselves.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { healthAt } from '../../test/support/assessments.ts'
import { subjectAt } from '../../test/support/subjects.ts'
import type { AlertRule } from '../model/alert.ts'
import { evaluate } from './expression.ts'
import { fields } from './fields.ts'
import { compileExpression } from './parse.ts'
import { mayMatch, quietAt, quietIn } from './quiet.ts'
import { compileRule, RuleError } from './rules.ts'

const INFINITE = Number.POSITIVE_INFINITY

const quietOf = (...texts: readonly string[]) => quietIn(texts.map(compileExpression))

describe('quiet stretches', () => {
  test.each<[string, readonly [number, number][]]>([
    ['healthFactor < 1.05', [[1.05, INFINITE]]],
    [
      'healthFactor < 0.9',
      [
        [0.9, 1],
        [1, INFINITE],
      ],
    ],
    ['healthFactor < 1.05 and debtUsd > 1000', [[1.05, INFINITE]]],
    ['not (healthFactor >= 1.05)', [[1.05, INFINITE]]],
    ['isLiquidatable == true', [[1, INFINITE]]],
    [
      'isLiquidatable != true and healthFactor < 1.1',
      [
        [-1, 1],
        [1.1, INFINITE],
      ],
    ],
    [
      'healthFactor == 1.1',
      [
        [-1, 1],
        [1, 1.1],
        [1.1, INFINITE],
      ],
    ],
    [
      'healthFactor > 1.2 and healthFactor < 1.3',
      [
        [-1, 1],
        [1, 1.2],
        [1.3, INFINITE],
      ],
    ],
    ['debtUsd > 1000', []],
    ['healthFactor < 1.05 or debtUsd > 1000', []],
    [
      'healthFactor < 1 and healthFactor > 2',
      [
        [-1, 1],
        [1, 2],
        [2, INFINITE],
      ],
    ],
  ])('of %s', (text, expected) => {
    expect(quietOf(text).map(({ floor, ceil }) => [floor, ceil])).toEqual(expected)
  })

  test('without rules are both sides of 1, and with several those of all', () => {
    expect(quietIn([])).toEqual([
      { floor: -1, ceil: 1 },
      { floor: 1, ceil: INFINITE },
    ])
    expect(quietOf('healthFactor < 1.1', 'healthFactor > 3')).toEqual([{ floor: 1.1, ceil: 3 }])
  })

  test('hold no loan of which a rule is met', () => {
    const comparison = fc.oneof(
      fc
        .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.integer({ min: 50, max: 250 }))
        .map(([operator, percent]) => `healthFactor ${operator} ${percent}%`),
      fc.constantFrom(
        'isLiquidatable == true',
        'isLiquidatable != true',
        'debtUsd > 1000',
        'collateralUsd < 5',
      ),
    )
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        comparison,
        fc
          .tuple(tie('expression'), fc.constantFrom('and', 'or'), tie('expression'))
          .map(([left, word, right]) => `(${left}) ${word} (${right})`),
        tie('expression').map((inner) => `not (${inner})`),
      ),
    }))
    const usd = fc.constantFrom(
      null,
      { collateral: '1.00', debt: '2000.00', source: 'quote' },
      { collateral: '9.00', debt: '2.00', source: 'quote' },
    )
    fc.assert(
      fc.property(
        expression,
        fc.integer({ min: 0, max: 300 }),
        usd,
        fc.boolean(),
        (text, percent, known, isOut) => {
          const compiled = compileExpression(text)
          const isQuiet = quietIn([compiled]).some(
            ({ floor, ceil }) => percent / 100 > floor && percent / 100 < ceil,
          )
          const subject = subjectAt({ assessment: healthAt(percent, 0, { usd: known }) })
          if (isQuiet) expect(evaluate(compiled, (field) => fields[field]?.of(subject))).not.toBe('met')
          // Where it liquidates goes by the contract's own predicate.
          const isLiquidatable = percent < 100 !== isOut
          const assessment = healthAt(percent, 0, { usd: known, isLiquidatable })
          const verdict = evaluate(compiled, (field) => fields[field]?.of(subjectAt({ assessment })))
          if (quietAt([compiled])(assessment)) expect(verdict).not.toBe('met')
          else if (isQuiet && percent !== 0 && !isOut) expect.unreachable('quiet stretches are quiet')
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

const rule: AlertRule = {
  name: 'Book',
  severity: 'warning',
  scope: 'book',
  when: 'healthFactor < 1.05',
  forSeconds: 0,
  keepFiringForSeconds: 0,
  match: {},
  labels: {},
  annotations: {},
}

test.each([
  { when: 'healthFactor < 1.1 and phase == "healthy"' },
  { when: 'not (nextHealthFactor < 1)' },
  { until: 'kind == "assessed"' },
])('a book-wide rule may not speak of what is only known of a few: %j', (change) => {
  expect(() => compileRule({ ...rule, ...change })).toThrow(RuleError)
  expect(() => compileRule({ ...rule, ...change })).toThrow(
    'is known only of loans that are assessed exactly',
  )
  compileRule({ ...rule, ...change, scope: 'watched' })
})

test('a rule may match a deployment unless it names another, or a label, which only watched accounts have', () => {
  const deployment = { chainId: 1, protocol: 'p', deployment: 'main' }
  const mayBe = (match: Record<string, string>) => mayMatch({ ...rule, match }, deployment)
  expect(
    [{}, { chainId: '1', protocol: 'p', deployment: 'main' }, { account: '0x' }, { market: 'm' }].map(mayBe),
  ).toEqual([true, true, true, true])
  expect([{ chainId: '2' }, { protocol: 'q' }, { deployment: 'other' }, { label: 'x' }].map(mayBe)).toEqual([
    false,
    false,
    false,
    false,
  ])
})
