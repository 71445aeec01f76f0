import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLearntLimit } from './learnt-limit.ts'

test('settles below a hidden limit in a few refusals, and uses most of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4_000, max: 99_999 }), (hidden) => {
      const limit = createLearntLimit(100_000)
      let refusals = 0
      for (let request = 0; request < 200; request++) {
        const amount = Math.floor(limit.current())
        if (amount <= hidden) limit.succeeded(amount)
        else {
          limit.refused(amount)
          refusals += 1
        }
      }
      expect(refusals).toBeLessThanOrEqual(8)
      expect(limit.current()).toBeLessThanOrEqual(hidden)
      expect(limit.current()).toBeGreaterThan(hidden / 1.6)
    }),
  )
})

test('is put to the test again after long success, and forgotten where more goes well', () => {
  const limit = createLearntLimit(1_000)
  limit.refused(500)
  expect([limit.current(), limit.refusedAt()]).toEqual([250, 500])
  for (let index = 0; index < 256; index++) limit.succeeded(10)
  expect([limit.current(), limit.refusedAt()]).toEqual([1_000, undefined])
  limit.refused(500)
  limit.succeeded(600)
  expect(limit.current()).toBe(1_000)
})

test('an outage makes requests small, and a few answers make them large again', () => {
  const limit = createLearntLimit(1_000)
  for (let index = 0; index < 10; index++) limit.timedOut()
  expect(limit.current()).toBe(1_000 / 32)
  for (let index = 0; index < 5; index++) limit.succeeded(1)
  expect(limit.current()).toBe(1_000)
})
