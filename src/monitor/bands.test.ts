import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bandOf, calmInterval, hasMoved } from './bands.ts'

const health = fc.oneof(
  fc.integer({ min: 0, max: 3_000_000 }),
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 2 ** 46 }),
  fc.constantFrom(0, 1, 999_999, 1_000_000, 1_000_001, 2_000_000, 2 ** 46 - 1, 2 ** 46),
)

test('the calm interval holds exactly the healths at which nothing is due', () => {
  fc.assert(
    fc.property(
      health,
      health,
      fc.integer({ min: -60_000, max: 60_000 }),
      fc.constantFrom(20, 100),
      (before, any, step, parts) => {
        for (const now of [any, Math.max(0, before + step)]) {
          const { floor, ceil } = calmInterval(before, parts)
          const isCalm = bandOf(before) === bandOf(now) && !hasMoved(before, now, parts)
          const capped = Math.min(now, 2 ** 46)
          const isInside =
            capped / 1_000_000 >= floor && (capped / 1_000_000 < ceil || ceil === Number.POSITIVE_INFINITY)
          if (now <= 2 ** 46) expect([before, now, isInside]).toEqual([before, now, isCalm])
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('a loan without health stays without a snapshot until it has some', () => {
  expect(hasMoved(0, 0, 20)).toBe(false)
  expect(hasMoved(0, 1, 20)).toBe(true)
  expect(calmInterval(0, 20)).toEqual({ floor: -1, ceil: 1e-6 })
})

test('the highest healths are one and the same', () => {
  expect(calmInterval(2 ** 46, 20).ceil).toBe(Number.POSITIVE_INFINITY)
})
