// What a reorg undoes is retracted, and only that.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTimeline, engineFor, type Moment, nearRule, saidBy } from '../../test/support/timeline.ts'
import type { AlertRule } from '../model/alert.ts'

const slow = { ...nearRule, keepFiringForSeconds: 100 }
const pending = { ...nearRule, forSeconds: 10 }
const unknown: AlertRule = { ...nearRule, when: 'kind == "unassessable"', until: undefined as never }
const event: AlertRule = { ...nearRule, when: 'liquidated == true', until: undefined as never }

test.each<[string, AlertRule, readonly Moment[], readonly string[]]>([
  [
    'a crash that is not on the chain any more',
    nearRule,
    [
      { block: 1, health: 120 },
      { block: 2, health: 90 },
      { block: 3, health: 120, kept: 1 },
    ],
    ['2 firing', '3 retracted'],
  ],
  [
    'at once, also where an alert fires on for a while, and inside the band',
    slow,
    [
      { block: 2, health: 90 },
      { block: 3, health: 112, kept: 1 },
    ],
    ['2 firing', '3 retracted'],
  ],
  [
    'a crash that the new blocks have too goes on firing, and stands at the new block',
    nearRule,
    [
      { block: 2, health: 90 },
      { block: 3, health: 95, kept: 1 },
      { block: 4, health: 120, kept: 2 },
    ],
    ['2 firing', '4 retracted'],
  ],
  [
    'what began in a block that stands is resolved',
    nearRule,
    [
      { block: 2, health: 90 },
      { block: 3, health: 95 },
      { block: 4, health: 120, kept: 2 },
    ],
    ['2 firing', '4 resolved'],
  ],
  [
    'inside the band it goes on where it began in a block that stands',
    nearRule,
    [
      { block: 2, health: 90 },
      { block: 3, health: 112, kept: 2 },
    ],
    ['2 firing'],
  ],
  [
    'nothing is retracted while it is not known, nor after that',
    nearRule,
    [
      { block: 2, health: 90 },
      { block: 3, health: undefined, kept: 1 },
      { block: 4, health: 120 },
    ],
    ['2 firing', '4 resolved'],
  ],
  [
    'what was pending is cancelled without a word',
    pending,
    [
      { block: 2, health: 90 },
      { block: 3, health: 120, kept: 1 },
    ],
    [],
  ],
  [
    'an alert that was resolved in orphaned blocks fires again as another',
    nearRule,
    [
      { block: 1, health: 90 },
      { block: 3, health: 120 },
      { block: 4, health: 90, kept: 2 },
    ],
    ['1 firing', '3 resolved', '4 firing'],
  ],
  [
    'that nothing was known is no block’s doing',
    unknown,
    [
      { block: 2, health: undefined },
      { block: 3, health: 120, kept: 1 },
    ],
    ['2 firing', '3 resolved'],
  ],
  [
    'a loan that is gone with the block',
    nearRule,
    [
      { block: 2, health: 90 },
      { block: 3, health: 'gone', kept: 1 },
    ],
    ['2 firing', '3 retracted'],
  ],
  [
    'a liquidation that was told and never was',
    event,
    [
      { block: 2, health: 90, isLiquidated: true },
      { block: 3, health: 120 },
      { block: 4, health: 90, kept: 1 },
    ],
    ['2 firing', '3 resolved', '4 retracted'],
  ],
  [
    'a liquidation in a block that stands stays told',
    event,
    [
      { block: 2, health: 90, isLiquidated: true },
      { block: 3, health: 120 },
      { block: 4, health: 120, kept: 2 },
    ],
    ['2 firing', '3 resolved'],
  ],
])('%s', (_what, rule, moments, said) => {
  expect(saidBy(rule, moments)).toEqual(said)
})

test('a retraction says why', () => {
  const { changes } = createTimeline().play(engineFor(nearRule), [
    { block: 2, health: 90 },
    { block: 3, health: 120, kept: 1 },
  ])
  expect(changes.at(-1)?.alert).toMatchObject({
    state: 'retracted',
    startsAt: 2,
    endsAt: 3,
    annotations: { summary: 'at 1.2000', reason: 'a reorg undid the block in which it had begun' },
  })
})

describe('over random chains with reorgs', () => {
  type Draw = { readonly health: number | undefined; readonly depth: number; readonly isOutage: boolean }
  const draws = fc.array(
    fc.record({
      health: fc.option(fc.integer({ min: 95, max: 125 }), { nil: undefined, freq: 6 }),
      depth: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
      ),
      isOutage: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  /** A reorg replaces blocks by as many and one more. */
  const momentsOf = (all: readonly Draw[]): readonly Moment[] =>
    all.map(({ health, depth, isOutage }, index) => {
      const isOut = isOutage && health === undefined
      const kept = Math.max(0, index - depth)
      return { block: index + 1, health, isOutage: isOut, ...(depth > 0 && !isOut ? { kept } : {}) }
    })

  test('every firing ends in resolved, in retracted, or still fires; nothing changes without cause', () => {
    fc.assert(
      fc.property(
        draws,
        fc.constantFrom(0, 5),
        fc.constantFrom(0, 5),
        (all, forSeconds, keepFiringForSeconds) => {
          const timeline = createTimeline()
          const engine = engineFor({ ...nearRule, forSeconds, keepFiringForSeconds })
          let isFiring = false
          for (const moment of momentsOf(all)) {
            for (const text of timeline.play(engine, [moment]).said) {
              const [, status] = text.split(' ')
              expect(status === 'firing').toBe(!isFiring)
              isFiring = !isFiring
              const { health } = moment
              if (typeof health !== 'number') throw new Error(`${text} where nothing is known`)
              if (status === 'firing') expect(health).toBeLessThan(110)
              if (status === 'resolved') expect(health).toBeGreaterThan(115)
              if (status === 'retracted')
                expect([health >= 110, moment.kept !== undefined]).toEqual([true, true])
            }
            expect([...timeline.open.values()].some(({ state }) => state === 'firing')).toBe(isFiring)
          }
        },
      ),
    )
  })
})
