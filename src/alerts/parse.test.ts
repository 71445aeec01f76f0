import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { healthAt, unknownAt } from '../../test/support/assessments.ts'
import { subjectAt } from '../../test/support/subjects.ts'
import { UINT256_MAX } from '../units/brands.ts'
import { builtInRules } from './built-in.ts'
import { evaluate } from './expression.ts'
import { fields } from './fields.ts'
import { compileExpression, ExpressionError } from './parse.ts'
import { compileRule, RuleError, ruleFaults } from './rules.ts'
import { compileTemplate, TemplateError } from './template.ts'

const verdictOn = (text: string, more: Parameters<typeof subjectAt>[0]) => {
  const subject = subjectAt(more)
  return evaluate(compileExpression(text), (field) => fields[field]?.of(subject))
}

const verdictOf = (text: string, hundredths: number | undefined, more = {}) =>
  verdictOn(text, { assessment: hundredths === undefined ? unknownAt() : healthAt(hundredths, 0, more) })

describe('expressions', () => {
  test.each([
    ['healthFactor < 1.10', 109, 'met'],
    ['healthFactor < 1.10', 110, 'clear'],
    ['healthFactor <= 1.1', 110, 'met'],
    ['healthFactor != 1.1', 110, 'clear'],
    ['isLiquidatable == true', 99, 'met'],
    ['phase == "healthy" and debtUsd >= 1_000', 120, 'met'],
    ['not (phase == "healthy") or leverage > 1.99', 120, 'met'],
    ['healthFactor < 120% and collateralUsd > 3000', 110, 'clear'],
    ["kind == 'assessed'", 110, 'met'],
    ['kind == "unassessable"', undefined, 'met'],
    ['reason == "price-failed"', undefined, 'met'],
    ['healthFactor < 1.1', undefined, 'unknown'],
    ['healthFactor < 1.1 and kind == "assessed"', undefined, 'clear'],
    ['healthFactor < 1.1 or kind == "unassessable"', undefined, 'met'],
    ['not healthFactor < 1.1', undefined, 'unknown'],
    ['healthFactor < 1.1 or kind == "assessed"', undefined, 'unknown'],
  ] as const)('%s at %s is %s', (text, hundredths, verdict) => {
    expect(verdictOf(text, hundredths)).toBe(verdict)
  })

  test('what is to come is unknown where nobody knows it, never the health of now', () => {
    const [refreshed, next] = [90n, 80n].map((hundredths) => ({
      healthFactor: hundredths * 10n ** 16n,
      isLiquidatable: true,
    }))
    for (const field of ['refreshedHealthFactor', 'nextHealthFactor', 'debtInFront'])
      expect(verdictOf(`${field} < 1`, 120)).toBe('unknown')
    expect(verdictOf('debtInFront < 1', 120, { debtInFront: null })).toBe('unknown')
    expect(verdictOf('refreshedHealthFactor < 1', 120, { refreshed })).toBe('met')
    expect(verdictOf('nextHealthFactor < 0.85', 120, { next: { ...next, at: 1 } })).toBe('met')
    const debt = [{ decimals: 18 }]
    expect(verdictOf('debtInFront < 1000', 120, { debt, debtInFront: 999n * 10n ** 18n })).toBe('met')
    expect(verdictOf('debtInFront < 1000', 120, { debt, debtInFront: 1_000n * 10n ** 18n })).toBe('clear')
  })

  test('no debt is infinitely healthy, no USD price is unknown', () => {
    expect(verdictOf('healthFactor > 1000000', 0, { healthFactor: UINT256_MAX })).toBe('met')
    expect(verdictOf('debtUsd > 1', 120, { usd: null })).toBe('unknown')
  })

  const never = { shock: null, secondsToLiquidation: null }
  const near = { shock: { changePpm: -231_000n }, secondsToLiquidation: 86_400 }
  test.each([
    ['shock > -25%', near, {}, 'met'],
    ['shock == -0.231', near, {}, 'met'],
    ['shock > -0.99', never, {}, 'clear'],
    ['secondsToLiquidation <= 1d', near, {}, 'met'],
    ['secondsToLiquidation < 86400', near, {}, 'clear'],
    ['secondsToLiquidation < 5200w', never, {}, 'clear'],
    ['secondsToLiquidation < 3d', never, { fidelity: 'observed' }, 'unknown'],
    ['secondsToLiquidation < 3d', never, { fidelity: 'observed', phase: 'no-debt' }, 'clear'],
    ['shock > -25%', undefined, {}, 'unknown'],
    ['secondsToLiquidation > 1h', undefined, {}, 'unknown'],
  ] as const)('%s, by risk', (text, risk, more, verdict) => {
    expect(verdictOn(text, { assessment: healthAt(120, 0, more), risk: risk as never })).toBe(verdict)
  })

  test('risk is worked out only where it decides', () => {
    const ask = (text: string) => {
      let count = 0
      const riskOf = () => {
        count += 1
        return undefined
      }
      const subject = { ...subjectAt({ assessment: healthAt(120) }), riskOf }
      evaluate(compileExpression(text), (field) => fields[field]?.of(subject))
      return count
    }
    expect(ask('healthFactor < 1.1 and shock > -0.1')).toBe(0)
    expect(ask('healthFactor > 1.1 or shock > -0.1')).toBe(0)
    expect(ask('healthFactor < 1.5 and shock > -0.1')).toBe(1)
  })

  test('any of a list', () => {
    expect(verdictOf('phase in ("liquidatable", "healthy") and leverage in (1, 2)', 120)).toBe('met')
    expect(verdictOf('not phase in ("liquidatable", "bad-debt")', 120)).toBe('met')
    expect(verdictOf('reason in ("price-failed")', undefined)).toBe('met')
    expect(verdictOf('healthFactor in (1.1, 1.2)', undefined)).toBe('unknown')
  })

  test('and binds tighter than or', () => {
    expect(verdictOf('kind == "assessed" or kind == "assessed" and kind == "unassessable"', 110)).toBe('met')
  })

  test.each([
    ['health < 1', 'character 1: expected one of healthFactor'],
    ['healthFactor = 1', 'character 14: expected a field'],
    ['healthFactor <', 'expected a number'],
    ['healthFactor < true', 'character 16: expected a number'],
    ['phase < "healthy"', 'since phase is no number'],
    ['(healthFactor < 1', 'expected ")"'],
    ['healthFactor < 1 healthFactor < 2', 'expected "and", "or" or the end'],
    ['', 'expected one of'],
    ['constructor == 1', 'expected one of healthFactor'],
    ['healthFactor < 1.0000000000000000001', 'expected a number'],
    ['healthFactor < 3d', 'without a unit of time'],
    ['secondsToLiquidation < 5%', 'a number of seconds or a span such as 3d'],
    ['phase == "helthy"', 'one of "no-debt", "healthy"'],
    ['phase in ("healthy"', 'expected "," or ")"'],
    ['phase in "healthy"', 'expected "("'],
    ['phase in ()', 'one of "no-debt"'],
    ['leverage in (2, "3")', 'character 17: expected a number'],
  ])('%s is refused with its place', (text, message) => {
    expect(() => compileExpression(text)).toThrow(ExpressionError)
    expect(() => compileExpression(text)).toThrow(message)
  })

  test('any text either compiles or is refused with a place', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          verdictOf(text, 110)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError)
        }
      }),
    )
  })

  test('comparison with any wad is exact', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        (value, limit) => {
          const digits = limit.toString().padStart(19, '0')
          const text = `healthFactor < ${digits.slice(0, -18)}.${digits.slice(-18)}`
          expect(verdictOf(text, 0, { healthFactor: value })).toBe(value < limit ? 'met' : 'clear')
        },
      ),
    )
  })
})

describe('rules and templates', () => {
  test('the built-in rules compile', () => {
    expect(builtInRules.map((rule) => compileRule(rule).rule.name)).toContain('NearLiquidation')
  })

  test('faults name the rule and the part', () => {
    const [rule] = builtInRules
    if (!rule) throw new Error('no rule')
    expect(() => compileRule({ ...rule, until: 'x' })).toThrow(/rule NearLiquidation, until/)
    expect(() => compileRule({ ...rule, annotations: { summary: '{{ nobody }}' } })).toThrow(RuleError)
    const annotations = { summary: '{{ nobody }}' }
    expect(ruleFaults({ ...rule, when: 'x', until: 'y', annotations }).map(({ part }) => part)).toEqual([
      'when',
      'until',
      'annotations.summary',
    ])
  })

  test.each([
    [
      { until: 'healthFactor > 1.05' },
      'until: it is met while "when" is met too, as with healthFactor 1.075',
    ],
    [{ when: 'healthFactor < 1 and healthFactor > 2' }, 'when: nothing can meet this'],
    [{ until: 'isLiquidatable == true and isLiquidatable == false' }, 'until: nothing can meet this'],
  ])('a rule that makes no sense is refused: %j', (change, message) => {
    const [rule] = builtInRules
    if (!rule) throw new Error('no rule')
    expect(() => compileRule({ ...rule, ...change })).toThrow(message)
    compileRule({ ...rule, until: 'healthFactor >= 1.10 or phase == "no-debt"' })
  })

  test('templates show health cut, not rounded', () => {
    const text = compileTemplate('{{ label }}: {{healthFactor}} {{ collateral }}')
    const assessment = healthAt(0, 0, { healthFactor: 1_099_999_999_999_999_999n })
    const said = (more: Parameters<typeof subjectAt>[0]) => text({ subject: subjectAt(more), labels: {} })
    expect(said({ assessment, label: 'treasury' })).toBe('treasury: 1.0999 2,000.00 USD')
    expect(said({ assessment: unknownAt() })).toMatch(/^0x.*: unknown unknown$/)
    expect(() => compileTemplate('{{ toString }}')).toThrow(TemplateError)
  })
})
