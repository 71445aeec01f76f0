import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UINT256_MAX } from '../../units/brands.ts'
import { formatFixed } from '../../units/format.ts'
import { amountText, exactDecimal, freeboardPpm, healthText, ppmText, roomText, usdText } from './numbers.ts'
import { spanText } from './times.ts'

describe('numbers', () => {
  test('a decimal is the integer, to the last digit', () => {
    expect(exactDecimal('1234567', 6)).toBe('1.234567')
    expect(exactDecimal('-5', 2)).toBe('-0.05')
    expect(exactDecimal('1000000000000000000', 18)).toBe('1')
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: UINT256_MAX }),
        fc.integer({ min: 0, max: 36 }),
        (value, decimals) => {
          const plain = formatFixed(value, decimals, decimals).replaceAll(',', '')
          expect(exactDecimal(String(value), decimals)).toBe(
            plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain,
          )
        },
      ),
    )
  })

  test('health is cut, never rounded up, and has no end without debt', () => {
    expect(healthText('999999999999999999')).toBe('0.999')
    expect(healthText('1115021411784760795')).toBe('1.115')
    expect(healthText('2999999999999999999')).toBe('2.99')
    expect(healthText(String(UINT256_MAX))).toBe('∞')
    expect(healthText(`${10n ** 21n}`)).toBe('> 100')
  })

  test('amounts, dollars and percentages', () => {
    expect(amountText('605274', 8)).toBe('0.006052')
    expect(amountText('11122495131', 6)).toBe('11,122.49')
    expect(usdText('2098.61')).toBe('$2,098')
    expect(usdText('69.999')).toBe('$69.99')
    expect(ppmText('-103156', true)).toBe('−10.3%')
    expect(ppmText('-460', true)).toBe('−0.04%')
    expect(roomText(10)).toBe('< 0.1%')
    expect(roomText(0)).toBe('0%')
  })

  test('room is what may fall until health is one', () => {
    expect(freeboardPpm('2000000000000000000')).toBe(500_000)
    expect(freeboardPpm('1000000000000000000')).toBe(0)
    expect(freeboardPpm('500000000000000000')).toBe(-1_000_000)
    expect(freeboardPpm(String(UINT256_MAX))).toBe(1_000_000)
  })
})

test('spans are told in the units that matter', () => {
  expect([3, 240, 7_300, 86_400 * 5, 103_830_269, 31_536_000 * 2_000].map(spanText)).toEqual([
    '3 s',
    '4 min',
    '2 h',
    '5 days',
    '3 years 106 days',
    '> 999 years',
  ])
})
