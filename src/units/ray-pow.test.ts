import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RAY } from './brands.ts'
import { rayPowHalfUp } from './ray-pow.ts'

describe('powers', () => {
  test('of one second and of none', () => {
    expect(rayPowHalfUp(RAY + 7n, 1n)).toBe(RAY + 7n)
    expect(rayPowHalfUp(RAY + 7n, 0n)).toBe(RAY)
    expect(rayPowHalfUp(0n, 3n)).toBe(0n)
  })

  test('overflow where the base leaves 128 bits', () => {
    expect(rayPowHalfUp(2n ** 128n, 2n)).toBeUndefined()
    expect(rayPowHalfUp(2n ** 127n, 2n)).toBe((2n ** 254n + RAY / 2n) / RAY)
  })

  test('grow with the exponent', () => {
    const rate = fc.bigInt({ min: 0n, max: 10n ** 20n })
    fc.assert(
      fc.property(rate, fc.bigInt({ min: 0n, max: 100_000n }), (extra, seconds) => {
        const [now, later] = [rayPowHalfUp(RAY + extra, seconds), rayPowHalfUp(RAY + extra, seconds + 1n)]
        if (now !== undefined && later !== undefined) expect(later).toBeGreaterThanOrEqual(now)
      }),
    )
  })
})
