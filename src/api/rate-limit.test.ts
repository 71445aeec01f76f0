import { expect, test } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

test('so many at once, then as many as time has filled again, for each by itself', () => {
  let now = 0
  const limit = createRateLimit(6, () => now)
  const takes = (count: number, who = 'a'): readonly number[] =>
    Array.from({ length: count }, () => limit.take(who))
  expect(takes(7)).toEqual([0, 0, 0, 0, 0, 0, 10])
  expect(takes(1, 'b')).toEqual([0])
  now = 10_000
  expect(takes(2)).toEqual([0, 10])
  now = 15_000
  expect(takes(1)).toEqual([5])
  now = 600_000
  expect(takes(7)).toEqual([0, 0, 0, 0, 0, 0, 10])
  now = 0
  expect(takes(1)).toEqual([10])
})
