// What happens in one cycle: liquidations and changes by governance.
import { describe, expect, test } from 'vitest'
import { healthAt } from '../../test/support/assessments.ts'
import { createTimeline, engineFor, nearRule, saidBy } from '../../test/support/timeline.ts'
import type { AlertRule } from '../model/alert.ts'
import { builtInRules } from './built-in.ts'
import { notificationsOf } from './notify.ts'

const liquidated: AlertRule = { ...nearRule, when: 'liquidated == true', until: undefined as never }
const changed: AlertRule = { ...liquidated, when: 'parametersChanged == true' }

describe('events', () => {
  test('a liquidation is told once, its end is not', () => {
    const { said, changes } = createTimeline().play(engineFor(liquidated), [
      { block: 1, health: 90 },
      { block: 2, health: 105, isLiquidated: true },
      { block: 3, health: 105 },
    ])
    expect(said).toEqual(['2 firing', '3 resolved'])
    expect(changes.flatMap(notificationsOf).map(({ status }) => status)).toEqual(['firing'])
    expect(
      createTimeline()
        .play(engineFor({ ...liquidated, sendResolved: true }), [
          { block: 2, health: 105, isLiquidated: true },
          { block: 3, health: 105 },
        ])
        .changes.flatMap(notificationsOf),
    ).toHaveLength(2)
  })

  test('of a loan that is gone with its liquidation too', () => {
    expect(
      saidBy(liquidated, [
        { block: 1, health: 90 },
        { block: 2, health: 'gone', isLiquidated: true },
        { block: 3, health: 'gone' },
      ]),
    ).toEqual(['2 firing', '3 resolved'])
  })

  test('what could not be read has neither happened nor not', () => {
    expect(
      saidBy(liquidated, [
        { block: 2, health: 105, isLiquidated: true },
        { block: 2, health: undefined, isOutage: true },
        { block: 3, health: 105 },
      ]),
    ).toEqual(['2 firing', '3 resolved'])
  })

  test.each([
    ['of the market as a whole', {}, ['2 firing', '3 resolved']],
    ['of another market', { market: '1:aave-v3:core:other' }, []],
    ['of an asset that the loan does not have', { asset: '0x01' }, []],
    ['of a part of the market that the loan is not in', { name: 'eMode[2].ltv' }, []],
    [
      'of a part that moved it',
      { name: 'eMode[2].ltv', effect: { watched: [{ id: healthAt(1).id, before: 1n, after: 2n }] } },
      ['2 firing', '3 resolved'],
    ],
  ])('a change %s', (_what, change, said) => {
    expect(
      saidBy(changed, [
        { block: 1, health: 120 },
        { block: 2, health: 120, change: change as never },
        { block: 3, health: 120 },
      ]),
    ).toEqual(said)
  })

  test('the built-in rules tell both, in words', () => {
    const { changes } = createTimeline().play(engineFor(...builtInRules), [
      { block: 1, health: 120 },
      { block: 2, health: 120, isLiquidated: true, change: {} },
    ])
    expect(changes.map(({ alert }) => alert.annotations['summary'])).toEqual([
      "treasury's Aave v3 loan on Ethereum was liquidated: in transaction 0x02 (health now 1.2000)",
      "treasury's Aave v3 loan on Ethereum: liquidation threshold 80 % → 75 % (health now 1.2000)",
    ])
  })
})

test('unknown is told once it lasts, by the built-in rules', () => {
  const unknown = (block: number) => ({ block, health: undefined })
  expect(
    createTimeline().play(engineFor(...builtInRules), [
      unknown(1),
      unknown(60),
      { block: 90, health: 120 },
      unknown(100),
    ]).said,
  ).toEqual([])
  const { changes } = createTimeline().play(engineFor(...builtInRules), [unknown(1), unknown(121)])
  expect(changes).toMatchObject([{ status: 'firing', alert: { rule: 'Unassessable', severity: 'critical' } }])
})
