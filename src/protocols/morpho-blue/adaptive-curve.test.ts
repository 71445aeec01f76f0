import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import { adaptiveCurveRate } from './adaptive-curve.ts'
import type { Totals } from './state.ts'

const YEAR_SECONDS = 31_536_000
const MIN = WAD / 1000n / BigInt(YEAR_SECONDS)
const MAX = (2n * WAD) / BigInt(YEAR_SECONDS)
const INITIAL = (4n * WAD) / 100n / BigInt(YEAR_SECONDS)

const at = (borrowed: bigint, lastUpdate = 0): Totals => ({
  totalSupplyAssets: WAD,
  totalSupplyShares: 0n,
  totalBorrowAssets: borrowed,
  totalBorrowShares: 0n,
  lastUpdate,
  fee: 0n,
})

const TARGET = (9n * WAD) / 10n

describe('the borrow rate of AdaptiveCurveIrm', () => {
  test('is the rate at target at 90 %, a quarter of it at 0 %, four times it at 100 %, within a second', () => {
    expect(adaptiveCurveRate(at(TARGET), 1_000n, 0)).toEqual({ borrowRate: 1_000n, rateAtTarget: 1_000n })
    expect(adaptiveCurveRate(at(0n), 1_000n, 0)).toEqual({ borrowRate: 250n, rateAtTarget: 1_000n })
    expect(adaptiveCurveRate(at(WAD), 1_000n, 0)).toEqual({ borrowRate: 4_000n, rateAtTarget: 1_000n })
  })

  test('begins at 4 % a year, whatever the time', () => {
    expect(adaptiveCurveRate(at(TARGET), 0n, YEAR_SECONDS)).toEqual({
      borrowRate: INITIAL,
      rateAtTarget: INITIAL,
    })
  })

  test('ends at its limits after long silence', () => {
    expect(adaptiveCurveRate(at(WAD), INITIAL, 10 * YEAR_SECONDS).rateAtTarget).toBe(MAX)
    expect(adaptiveCurveRate(at(0n), INITIAL, 10 * YEAR_SECONDS).rateAtTarget).toBe(MIN)
  })

  test('an empty market counts as unused', () => {
    const empty = { ...at(0n), totalSupplyAssets: 0n }
    expect(adaptiveCurveRate(empty, 1_000n, 0)).toEqual(adaptiveCurveRate(at(0n), 1_000n, 0))
  })

  test('stays within the limits, and rises with use', () => {
    const use = fc.bigInt({ min: 0n, max: WAD })
    const seconds = fc.integer({ min: 0, max: 20 * YEAR_SECONDS })
    fc.assert(
      fc.property(use, use, fc.bigInt({ min: MIN, max: MAX }), seconds, (one, other, rate, elapsed) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        const [less, more] = [low, high].map((borrowed) => adaptiveCurveRate(at(borrowed), rate, elapsed))
        for (const result of [less, more]) {
          expect(result?.rateAtTarget).toBeGreaterThanOrEqual(MIN)
          expect(result?.rateAtTarget).toBeLessThanOrEqual(MAX)
        }
        expect(less?.borrowRate).toBeLessThanOrEqual(more?.borrowRate ?? 0n)
      }),
    )
  })
})
