import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UINT256_MAX } from './brands.ts'
import { ArithmeticError } from './errors.ts'
import { checkedSub, mulDivDown, mulDivHalfUp, mulDivUp } from './mul-div.ts'

const word = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const divisor = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n })

describe('mulDiv', () => {
  test('down is the quotient without its remainder', () => {
    fc.assert(
      fc.property(word, word, divisor, (a, b, d) => {
        const result = mulDivDown(a, b, d)
        expect(result * d <= a * b && a * b < (result + 1n) * d).toBe(true)
      }),
    )
  })

  test('up is the quotient, plus one where a remainder is left', () => {
    fc.assert(
      fc.property(word, word, divisor, (a, b, d) => {
        const result = mulDivUp(a, b, d)
        expect(result * d >= a * b && a * b > (result - 1n) * d).toBe(true)
      }),
    )
  })

  test('half up is the nearest integer, halves upwards', () => {
    fc.assert(
      fc.property(word, word, divisor, (a, b, d) => {
        const result = mulDivHalfUp(a, b, d)
        const twice = 2n * a * b
        expect(2n * d * result <= twice + d && twice < 2n * d * result + d).toBe(true)
      }),
    )
    expect([mulDivHalfUp(1n, 1n, 2n), mulDivHalfUp(1n, 1n, 3n), mulDivHalfUp(2n, 1n, 3n)]).toEqual([
      1n,
      0n,
      1n,
    ])
  })

  test('reverts where the contract would', () => {
    expect(() => mulDivDown(1n, 1n, 0n)).toThrow(ArithmeticError)
    expect(() => mulDivDown(UINT256_MAX, 2n, 2n)).toThrow(ArithmeticError)
    expect(mulDivDown(UINT256_MAX, 1n, 1n)).toBe(UINT256_MAX)
    expect(() => mulDivHalfUp(UINT256_MAX, 1n, 2n)).toThrow(ArithmeticError)
    expect(() => mulDivDown(-1n, 1n, 1n)).toThrow(ArithmeticError)
    expect(() => mulDivUp(UINT256_MAX, 2n, 2n)).toThrow(expect.objectContaining({ panic: 0x11 }))
    expect(() => mulDivUp(1n, 1n, 0n)).toThrow(expect.objectContaining({ panic: 0x12 }))
    expect(() => checkedSub(1n, 2n)).toThrow(expect.objectContaining({ panic: 0x11 }))
    expect(checkedSub(2n, 2n)).toBe(0n)
  })
})
