import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import {
  addUint128,
  mulDivUp,
  taylorCompoundedDown,
  toAssetsDown,
  toAssetsUp,
  toSharesDown,
  toSharesUp,
} from './math.ts'

const amount = fc.oneof(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 0n, max: 2n ** 110n }))

describe('shares', () => {
  test('never make anyone richer on the way there and back', () => {
    fc.assert(
      fc.property(amount, amount, amount, (value, assets, shares) => {
        expect(toAssetsDown(toSharesDown(value, assets, shares), assets, shares)).toBeLessThanOrEqual(value)
        expect(toAssetsUp(toSharesUp(value, assets, shares), assets, shares)).toBeGreaterThanOrEqual(value)
        expect(toAssetsUp(toSharesDown(value, assets, shares), assets, shares)).toBeLessThanOrEqual(value)
      }),
    )
  })

  test('up and down differ by one at most', () => {
    fc.assert(
      fc.property(amount, amount, amount, (value, assets, shares) => {
        const difference = toAssetsUp(value, assets, shares) - toAssetsDown(value, assets, shares)
        expect(difference === 0n || difference === 1n).toBe(true)
      }),
    )
  })

  test('are a million to one in an empty market', () => {
    expect(toSharesDown(5n, 0n, 0n)).toBe(5_000_000n)
    expect(toAssetsUp(1n, 0n, 0n)).toBe(1n)
  })
})

describe('arithmetic', () => {
  test('overflows where the contract does', () => {
    expect(mulDivUp(UINT256_MAX, 1n, 1n)).toBe(UINT256_MAX)
    expect(() => mulDivUp(UINT256_MAX, 1n, 2n)).toThrow(ArithmeticError)
    expect(() => mulDivUp(1n, 1n, 0n)).toThrow(ArithmeticError)
    expect(() => addUint128(2n ** 128n - 1n, 1n)).toThrow(ArithmeticError)
    expect(() => addUint128(0n, 2n ** 128n)).toThrow('max uint128 exceeded')
  })

  test('interest of three terms: 100 % over the time gives 1 + 1/2 + 1/6', () => {
    expect(taylorCompoundedDown(WAD, 1n)).toBe(WAD + WAD / 2n + WAD / 6n)
  })
})
