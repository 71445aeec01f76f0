import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SimpleTerms, simpleLoan } from '../../test/support/simple-loan.ts'
import { laterBy } from './later.ts'
import { assessLoan, type Loan } from './loan.ts'
import { secondsToLiquidation } from './time-to-liquidation.ts'

const YEAR = 31_536_000
const PPB = 10n ** 9n

/** Simple interest, parts per billion and second. */
const simple = (ppb: bigint) => (amount: bigint, seconds: number) =>
  amount + (amount * ppb * BigInt(seconds)) / PPB

/** Compound interest by the series of three terms that several protocols use, parts per billion and second. */
const compound = (ppb: bigint) => (amount: bigint, seconds: number) => {
  const x = ppb * BigInt(seconds)
  return amount + (amount * (x + (x * x) / (2n * PPB) + (x * x * x) / (6n * PPB * PPB))) / PPB
}

const isLiquidatableAt = (loan: Loan, seconds: number): boolean => {
  const assessment = assessLoan(laterBy(loan, seconds))
  return assessment.kind === 'assessed' && assessment.isLiquidatable
}

const expectFlipAt = (loan: Loan, seconds: number | null): void => {
  if (seconds === null) throw new Error('it never flips')
  expect([isLiquidatableAt(loan, seconds - 1), isLiquidatableAt(loan, seconds)]).toEqual([false, true])
}

describe('seconds to liquidation', () => {
  test('a debt at simple interest, to the second', () => {
    // Health 1.6 is gone when the debt has grown by 60 % and a unit: by a unit every hundred seconds.
    const loan = simpleLoan({ debtGrowth: simple(1n) })
    expect(secondsToLiquidation(loan)).toBe(600_000_100)
  })

  test('where interest counts blocks, the first second of the block', () => {
    const perBlock = simple(1n)
    const debtGrowth: SimpleTerms['debtGrowth'] = (amount, seconds) =>
      perBlock(amount, Math.floor(seconds / 12) * 12)
    const seconds = secondsToLiquidation(simpleLoan({ debtGrowth }))
    expect(seconds).toBe(600_000_108)
  })

  test('0 where it can be liquidated now, null without a debt, without interest, or beyond a hundred years', () => {
    expect(secondsToLiquidation(simpleLoan({ price: 1_249n }))).toBe(0)
    expect(secondsToLiquidation(simpleLoan({ debt: 0n, debtGrowth: simple(1n) }))).toBeNull()
    expect(secondsToLiquidation(simpleLoan())).toBeNull()
    const slow = { debt: 1_000n, debtGrowth: simple(1n) }
    expect(secondsToLiquidation(simpleLoan(slow))).toBeNull()
    expect(secondsToLiquidation(simpleLoan({ ...slow, debt: 16_000_000n - 1n }))).toBe(126)
  })

  test('null where the contract stops accruing before, to the second where it does so after', () => {
    const growing = { debtGrowth: simple(1n) }
    expect(secondsToLiquidation(simpleLoan({ ...growing, overflowsAfter: 600_000_099 }))).toBeNull()
    expect(secondsToLiquidation(simpleLoan({ ...growing, overflowsAfter: 600_000_100 }))).toBe(600_000_100)
  })

  test('what anybody may trigger counts, also where the contract refuses it a century on', () => {
    const growing = { debtGrowth: simple(1n) }
    expect(secondsToLiquidation(simpleLoan({ ...growing, triggersUntil: 600_000_099 }))).toBeNull()
    expect(secondsToLiquidation(simpleLoan({ ...growing, triggersUntil: 900_000_000 }))).toBe(600_000_100)
  })

  test('collateral that catches up later does not hide that the loan was liquidatable before', () => {
    // Debt earns more at first; a collateral whose interest compounds overtakes it after some decades.
    const loan = simpleLoan({
      collateral: 6_350n,
      debtGrowth: simple(2n),
      collateralGrowth: compound(1n),
    })
    const seconds = secondsToLiquidation(loan)
    expectFlipAt(loan, seconds)
    expect(isLiquidatableAt(loan, 100 * YEAR)).toBe(false)
    for (let at = 0; at < (seconds as number); at += Math.ceil((seconds as number) / 500))
      expect(isLiquidatableAt(loan, at)).toBe(false)
  })

  test('the first flip, whatever the rates and however near', () => {
    const ppb = fc.bigInt({ min: 0n, max: 30n })
    fc.assert(
      fc.property(
        fc.bigInt({ min: 8_000_000n, max: 16_100_000n }),
        ppb,
        ppb,
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (debt, owedRate, earnedRate, isOwedCompound, isEarnedCompound, share) => {
          const loan = simpleLoan({
            // Many units, so that interest of a second is more than one of them.
            collateral: 10_000n * 10n ** 12n,
            debt: debt * 10n ** 12n,
            debtGrowth: (isOwedCompound ? compound : simple)(owedRate),
            collateralGrowth: (isEarnedCompound ? compound : simple)(earnedRate),
          })
          const seconds = secondsToLiquidation(loan)
          if (seconds === 0) expect(isLiquidatableAt(loan, 0)).toBe(true)
          else if (seconds !== null) expectFlipAt(loan, seconds)
          const before = Math.floor((seconds ?? 100 * YEAR) * share) - 1
          if (before >= 0) expect(isLiquidatableAt(loan, before)).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })
})
