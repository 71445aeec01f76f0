import { expect, test } from 'vitest'
import { powerOfTen } from './power-of-ten.ts'

test('Powers of ten are exact, those above 2^256 too', () => {
  expect([0, 6, 18, 77, 78, 255].map(powerOfTen)).toEqual([
    1n,
    1_000_000n,
    10n ** 18n,
    10n ** 77n,
    10n ** 78n,
    10n ** 255n,
  ])
  expect(() => powerOfTen(-1)).toThrow(RangeError)
})
