import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { notifySchema, notifySettings } from '../app/config/notify.ts'
import type { AlertRule } from '../model/alert.ts'
import { UINT256_MAX, WAD } from '../units/brands.ts'
import { builtInRules } from './built-in.ts'
import { fields } from './fields.ts'
import { parseSeries } from './rule-series.ts'
import { type RuleTest, runRuleTest } from './rule-tests.ts'

const wad = (hundredths: bigint): bigint => (hundredths * WAD) / 100n

const parsed = (text: string, field: string) => {
  const of = fields[field]
  if (!of) throw new Error(`${field} is no field`)
  return parseSeries(text, of)
}

describe('series', () => {
  test.each<[string, string, readonly unknown[]]>([
    ['healthFactor', '1.20 1.15x2 _ 0.9', [wad(120n), wad(115n), wad(115n), undefined, wad(90n)]],
    ['healthFactor', '1.2..1.0/5', [120n, 115n, 110n, 105n, 100n].map(wad)],
    ['healthFactor', '1..1.2/2 _x2', [wad(100n), wad(120n), undefined, undefined]],
    ['shock', '-30% -0.5', [wad(-30n), wad(-50n)]],
    ['secondsToLiquidation', '2h 60', [7_200n * WAD, 60n * WAD]],
    ['isLiquidatable', 'falsex2 true', [false, false, true]],
    ['phase', 'healthy liquidatable', ['healthy', 'liquidatable']],
    ['reason', 'price-failedx2', ['price-failed', 'price-failed']],
  ])('%s: %s', (field, text, values) => {
    expect(parsed(text, field)).toEqual({ values })
  })

  test.each([
    ['healthFactor', '1.2 low', '"low" is not a number'],
    ['healthFactor', '1.2..1.0/1', 'is no ramp'],
    ['healthFactor', '1.2x0', 'to repeat it'],
    ['healthFactor', '', 'has no values'],
    ['healthFactor', '1x99999 1x99999', 'more than'],
    ['isLiquidatable', 'yes', '"yes" is not true or false'],
    ['phase', 'sick', '"sick" is not one of no-debt, healthy'],
  ])('%s: %s is refused', (field, text, fault) => {
    expect(parsed(text, field)).toEqual({ fault: expect.stringContaining(fault) })
  })
})

const settingsOf = (rules: readonly AlertRule[]) => notifySettings(notifySchema.parse({}), [], rules)

const run = (series: RuleTest['series'], rules: readonly AlertRule[] = builtInRules) => {
  const loan = { chainId: 1, protocol: 'aave-v3', deployment: 'core', market: 'pool', label: 'mine' }
  return runRuleTest(rules, settingsOf(rules), {
    ...{ name: 'one', intervalSeconds: 12, loan, series, expect: [], sends: undefined },
  })
}

test('the worse alert is told instead of the milder, and why not is told', () => {
  const { sent, unsent } = run({ healthFactor: [wad(120n), wad(101n)], isLiquidatable: [false] })
  expect(sent).toEqual([{ atSeconds: 12, alert: 'CloseToLiquidation', status: 'firing', reason: 'fired' }])
  expect(unsent).toEqual([{ atSeconds: 12, alert: 'NearLiquidation', reason: 'inhibited' }])
})

test('an unknown health is a loan that could not be assessed; fields that are not given are unknown', () => {
  const { timeline } = run({ healthFactor: [wad(101n), undefined, wad(101n)], isLiquidatable: [true] })
  const said = timeline.map(({ atSeconds, alert, became }) => `${atSeconds} ${alert} ${became}`)
  expect(said).toContain('12 Unassessable pending')
  expect(said.filter((text) => text.includes('Liquidatable'))).toEqual(['0 Liquidatable firing'])
  expect(run({ isLiquidatable: [false, true] }).timeline.map(({ alert }) => alert)).toEqual(['Liquidatable'])
})

test('whatever happens, nothing is expected of what is, and everything of what is not', () => {
  const health = fc.option(fc.bigInt({ min: 80n, max: 130n }), { nil: undefined })
  fc.assert(
    fc.property(fc.array(health, { minLength: 1, maxLength: 30 }), (values) => {
      const series = { healthFactor: values.map((value) => (value === undefined ? value : wad(value))) }
      const { sent, timeline } = run({ ...series, leverage: [UINT256_MAX] })
      const test = {
        ...{ name: 'again', intervalSeconds: 12, series, sends: sent },
        loan: { chainId: 1, protocol: 'aave-v3', deployment: 'core', market: 'pool', label: 'mine' },
        expect: timeline
          .filter(({ became }) => became === 'firing')
          .map(({ atSeconds, alert }) => ({ atSeconds, alert, state: 'firing' as const })),
      }
      expect(runRuleTest(builtInRules, settingsOf(builtInRules), test).failures).toEqual([])
      const none = {
        ...test,
        expect: test.expect.map((one) => ({ ...one, state: 'none' as const })),
        sends: [],
      }
      expect(runRuleTest(builtInRules, settingsOf(builtInRules), none).failures).toHaveLength(
        test.expect.length + sent.length,
      )
    }),
    { numRuns: 30 },
  )
})
