import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RAY, UINT256_MAX } from '../../units/brands.ts'
import { unaccrued } from './accrual.ts'
import { assetsToOwed, capOf, fullMulDivDown, OWED_MAX, owedToAssetsDown, owedToAssetsUp } from './math.ts'

describe('owed amounts', () => {
  const owed = fc.bigInt({ min: 0n, max: OWED_MAX })

  test('in units of the asset are less than one unit apart, up and down', () => {
    fc.assert(
      fc.property(owed, (amount) => {
        const [up, down] = [owedToAssetsUp(amount), owedToAssetsDown(amount)]
        expect(up - down).toBe(assetsToOwed(down) === amount ? 0n : 1n)
      }),
    )
  })

  test('are refused beyond what the contract encodes', () => {
    expect(() => assetsToOwed(2n ** 112n)).toThrow('E_DebtAmountTooLargeToEncode')
  })
})

describe('what accrued', () => {
  const accumulator = fc.bigInt({ min: RAY, max: RAY * 1_000_000n })

  test('is found again to the unit, whatever the accumulators', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: OWED_MAX }), accumulator, accumulator, (amount, a, b) => {
        const [before, after] = a < b ? [a, b] : [b, a]
        expect(unaccrued((amount * after) / before, before, after)).toBe(amount)
      }),
    )
  })

  test('is nothing that an accumulator which fell could tell', () => {
    expect(unaccrued(5n, RAY, RAY - 1n)).toBeUndefined()
    expect(unaccrued(5n, 0n, RAY)).toBeUndefined()
  })

  test('is undefined where no amount accrues to it', () => {
    expect(unaccrued(1n, RAY, RAY * 2n)).toBeUndefined()
  })
})

test('a quotient of 512 bits fits or is refused', () => {
  expect(fullMulDivDown(UINT256_MAX, UINT256_MAX, UINT256_MAX)).toBe(UINT256_MAX)
  expect(() => fullMulDivDown(UINT256_MAX, 2n, 1n)).toThrow('FullMulDivFailed')
  expect(() => fullMulDivDown(1n, 1n, 0n)).toThrow('FullMulDivFailed')
})

test('caps: none, nothing, and ten bits of mantissa with six of exponent', () => {
  expect(capOf(0)).toBe(UINT256_MAX)
  expect(capOf(1)).toBe(0n)
  expect(capOf((150 << 6) | 18)).toBe(1_500_000_000_000_000_000n)
})
