import { expect, test } from 'vitest'
import { drawnOf, merged, namedIn, pointAt, rangeOf, spanOf, stepOf } from './explore.ts'
import type { Point } from './types.ts'

const point = (number: number, timestamp: number, more: Partial<Point> = {}): Point => ({
  ...{
    block: { number: String(number), timestamp },
    cause: 'recomputed',
    reason: null,
    isLiquidatable: false,
  },
  ...{ healthFactor: '1200000000000000000', collateralValue: '150000000', debtValue: '100000000' },
  ...more,
})

test('points are as far apart as a screen can show them', () => {
  expect(stepOf({ since: 0, until: 60 })).toBe(1)
  expect(stepOf({ since: 0, until: 86_400 })).toBe(900)
  expect(stepOf({ since: 0, until: 30 * 86_400 })).toBe(14_400)
  expect(stepOf({ since: 0, until: 3_650 * 86_400 })).toBe(7 * 86_400)
})

test('what was noted counts before what is recomputed at the same block', () => {
  const points = merged(
    [point(3, 30, { cause: 'crossed' }), point(9, 90, { cause: 'moved' })],
    [point(1, 10), point(3, 30), point(5, 50)],
  )
  expect(points.map(({ block, cause }) => [block.number, cause])).toEqual([
    ['1', 'recomputed'],
    ['3', 'crossed'],
    ['5', 'recomputed'],
    ['9', 'moved'],
  ])
})

test('at a moment holds what was last known', () => {
  const points = [point(1, 10), point(2, 20), point(3, 30)]
  expect([9, 10, 29, 30, 99].map((at) => pointAt(points, at)?.block.number)).toEqual([
    undefined,
    '1',
    '2',
    '3',
    '3',
  ])
  expect(pointAt([], 5)).toBeUndefined()
})

test('numbers to draw with: in units of the quote, far healths at the edge, nothing where nothing is known', () => {
  expect(drawnOf(point(1, 1), 'health', 8)).toBe(1.2)
  expect(drawnOf(point(1, 1), 'debt', 8)).toBe(1)
  expect(drawnOf(point(1, 1), 'collateral', 6)).toBe(150)
  expect(drawnOf(point(1, 1, { healthFactor: String(2n ** 256n - 1n) }), 'health', 8)).toBe(4)
  expect(drawnOf(point(1, 1, { healthFactor: null }), 'health', 8)).toBeNull()
})

test('an address names a range by two moments or by a span up to the newest block', () => {
  const whole = { since: 1_000_000, until: 9_000_000 }
  expect(rangeOf({ since: '5', until: '7' }, whole)).toEqual({ since: 5, until: 7 })
  expect(rangeOf({ span: 'all' }, whole)).toEqual(whole)
  for (const values of [{}, { since: '7', until: '5' }, { since: 'x', until: '7' }]) {
    const { since, until } = rangeOf(values, whole)
    expect([until - since, until % 14_400, until > whole.until]).toEqual([30 * 86_400, 0, true])
  }
  expect([spanOf({}), spanOf({ span: '7d' }), spanOf({ since: '5', until: '7' })]).toEqual([
    '30d',
    '7d',
    undefined,
  ])
  expect(namedIn('a,b,,a')).toEqual(['a', 'b'])
})
