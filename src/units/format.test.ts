import { expect, test } from 'vitest'
import { UINT256_MAX, WAD } from './brands.ts'
import { parseDecimal } from './decimal.ts'
import {
  formatAmount,
  formatAmountRoundedUp,
  formatFixed,
  formatPpm,
  formatWad,
  healthPpm,
  wadToDecimal,
} from './format.ts'

test('fixed places are cut, never rounded up', () => {
  expect(formatFixed(1_234_567n, 3, 1)).toBe('1,234.5')
  expect(formatFixed(-1_999n, 3, 2)).toBe('-1.99')
  expect(formatFixed(5n, 0, 2)).toBe('5.00')
  expect(formatFixed(1_999n, 3, 0)).toBe('1')
  expect(formatWad(WAD - 1n)).toBe('0.9999')
  expect(formatWad(UINT256_MAX)).toBe('∞')
})

test('amounts keep four significant places', () => {
  expect(formatAmount(1_500_000n, 6)).toBe('1.5')
  expect(formatAmount(12_345n, 10)).toBe('0.000001234')
  expect(formatAmount(0n, 18)).toBe('0')
  expect(formatAmount(123_456_789_000_000n, 6)).toBe('123,456,789')
  expect(formatAmount(7n, 0)).toBe('7')
})

test('what has to be paid is rounded up at the last place that is shown', () => {
  expect(formatAmountRoundedUp(1_500_000n, 6)).toBe('1.5')
  expect(formatAmountRoundedUp(1_500_001n, 6)).toBe('1.5001')
  expect(formatAmountRoundedUp(12_341n, 10)).toBe('0.000001235')
  expect(formatAmountRoundedUp(999_999n, 6)).toBe('1')
  expect(formatAmountRoundedUp(99_999_999n, 6)).toBe('100')
  expect(formatAmountRoundedUp(12n, 18)).toBe('0.000000000000000012')
  expect(formatAmountRoundedUp(0n, 18)).toBe('0')
  expect(formatAmountRoundedUp(12_345n, 2)).toBe('123.45')
  expect(formatAmountRoundedUp(7n, 0)).toBe('7')
})

test('shares and decimals', () => {
  expect(formatPpm(-231_000n)).toBe('−23.10 %')
  expect(wadToDecimal(15n * 10n ** 17n)).toBe('1.5')
  expect(wadToDecimal(2n * WAD)).toBe('2')
  expect([WAD, WAD - 1n, (105n * WAD) / 100n].map(healthPpm)).toEqual([1_000_000, 999_999, 1_050_000])
  expect(healthPpm(UINT256_MAX)).toBe(2 ** 46)
})

test('decimal literals are exact', () => {
  expect(parseDecimal('1.10', 18)).toBe(1_100_000_000_000_000_000n)
  expect(parseDecimal('-0.5', 2)).toBe(-50n)
  expect(parseDecimal('1_000', 0)).toBe(1000n)
  expect(['', '1.', '.5', '1e3', 'abc', '1.123'].map((text) => parseDecimal(text, 2))).toEqual(
    Array(6).fill(undefined),
  )
})
