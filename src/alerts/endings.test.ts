// Whatever fired is over some day: also where its loan, its watch or its rule is gone.
import { expect, test } from 'vitest'
import { assessmentOwner } from '../../test/support/assessments.ts'
import { createTimeline, engineFor, nearRule } from '../../test/support/timeline.ts'
import { createEngine, type Engine } from './engine.ts'

const watch = { account: assessmentOwner, label: 'treasury', receivers: ['me'] }
const engineOf = (rules: readonly (typeof nearRule)[], watches = [watch]): Engine =>
  createEngine({ rules, watches, receivers: ['me'] })

test.each<[string, Engine, string, readonly string[]]>([
  ['its watch', engineOf([nearRule], []), 'nobody watches it any more', []],
  ['its rule', engineOf([]), 'its rule is gone', ['me']],
  [
    'the label of its watch',
    engineOf([nearRule], [{ ...watch, label: 'vault' }]),
    'its rule, its owner or the label of its watch is another now',
    ['me'],
  ],
  [
    'its severity',
    engineOf([{ ...nearRule, severity: 'critical' }]),
    'its rule, its owner or the label of its watch is another now',
    ['me'],
  ],
  [
    'its match',
    engineOf([{ ...nearRule, match: { deployment: 'prime' } }]),
    'its rule, its owner or the label of its watch is another now',
    ['me'],
  ],
])('without %s an alert is resolved, and says why', (_what, after, reason, receivers) => {
  const timeline = createTimeline()
  timeline.play(engineFor(nearRule), [{ block: 1, health: 90 }])
  const { changes } = timeline.play(after, [{ block: 2, health: 120 }])
  expect(changes).toMatchObject([
    { status: 'resolved', receivers, alert: { endsAt: 2, annotations: { reason } } },
  ])
  expect(timeline.play(after, [{ block: 3, health: 120 }]).said).toEqual([])
})

test('a loan that is gone, or that was pending only', () => {
  const timeline = createTimeline()
  timeline.play(engineFor(nearRule, { ...nearRule, name: 'Slow', forSeconds: 60 }), [
    { block: 1, health: 90 },
  ])
  const { changes } = timeline.play(engineFor(nearRule), [{ block: 2, health: 'gone' }])
  expect(changes).toMatchObject([
    { status: 'resolved', alert: { rule: 'Near', annotations: { reason: 'the loan is gone' } } },
  ])
  expect([...timeline.open.values()].map(({ state }) => state)).toEqual(['resolved'])
})
