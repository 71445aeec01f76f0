import { describe, expect, test } from 'vitest'
import { COLLATERAL, type SimpleTerms, simpleLoan } from '../../test/support/simple-loan.ts'
import type { Health } from '../model/assessment.ts'
import { UINT256_MAX, WAD } from '../units/brands.ts'
import { assessLoan, type Loan } from './loan.ts'
import { marginOf } from './margin.ts'

const marginFor = (terms: Partial<SimpleTerms>) => {
  const loan: Loan = simpleLoan(terms)
  return marginOf(loan, assessLoan(loan) as Health)
}

const percent = (value: bigint): bigint => (value * WAD) / 100n

describe('margin', () => {
  test('20 of collateral against 10 of debt: leverage 2, a margin of 50 % where 25 % lets borrow and 20 % keeps', () => {
    expect(marginFor({})).toMatchObject({
      exposure: 20_000_000n,
      equity: 10_000_000n,
      leverage: 2n * WAD,
      mode: 'isolated',
      marginRatio: percent(50n),
      initialMargin: percent(25n),
      maintenanceMargin: percent(20n),
      initialBuffer: 5_000_000n,
      maintenanceBuffer: 6_000_000n,
      maintenanceBufferShare: percent(30n),
      haircuts: [{ asset: COLLATERAL, symbol: 'C', initial: percent(25n), maintenance: percent(20n) }],
    })
  })

  test('margins are never told too high, requirements never too low', () => {
    const { marginRatio, maintenanceMargin, maintenanceBufferShare } = marginFor({
      collateral: 3n,
      price: 1n,
      debt: 2n,
      threshold: (2n * WAD) / 3n,
    })
    expect([marginRatio, maintenanceMargin]).toEqual([WAD / 3n, (2n * WAD) / 3n + 1n])
    expect(maintenanceBufferShare).toBe(-WAD / 3n - 1n)
  })

  test('without equity there is no leverage, without collateral no ratio', () => {
    expect(marginFor({ debt: 30_000_000n })).toMatchObject({ leverage: UINT256_MAX, equity: -10_000_000n })
    expect(marginFor({ collateral: 0n })).toMatchObject({ marginRatio: null, maintenanceMargin: null })
  })

  test('a year of interest is a day of it, 365 times', () => {
    const perDay =
      (ppm: bigint) =>
      (amount: bigint, seconds: number): bigint =>
        amount + (amount * ppm * BigInt(seconds)) / (86_400n * 1_000_000n)
    const { cost } = marginFor({
      collateral: 10n ** 6n,
      debtGrowth: perDay(100n),
      collateralGrowth: perDay(20n),
    })
    expect(cost).toEqual({
      borrowCostPerYear: 1_000n * 365n,
      supplyIncomePerYear: 40_000n * 365n,
      netCostPerYear: -39_000n * 365n,
    })
    expect(marginFor({ overflowsAfter: 3_600 }).cost).toBeNull()
  })

  test('a liquidation at its price costs the bonus, of which the protocol takes its part', () => {
    const { liquidationLoss } = marginFor({ price: 2_000_000_000n, debt: 10n ** 13n })
    // The last unit of collateral is whole, so a little more than 5 % goes.
    expect(liquidationLoss).toMatchObject({
      at: 'liquidation-price',
      repaid: 10n ** 13n,
      protocolFee: 5n * 10n ** 10n,
    })
    const { penalty = 0n, share = 0n } = liquidationLoss ?? {}
    expect([penalty >= 45n * 10n ** 10n, penalty < 46n * 10n ** 10n]).toEqual([true, true])
    expect([share >= percent(5n), share < percent(5n) + WAD / 1_000n]).toEqual([true, true])
  })

  test('what can be liquidated costs what it costs now; without a debt, or where no fall does it, nothing is told', () => {
    expect(marginFor({ price: 1_249n }).liquidationLoss?.at).toBe('now')
    expect(marginFor({ debt: 0n }).liquidationLoss).toBeNull()
    expect(marginFor({ collateral: 10n ** 30n, price: 10n ** 10n }).liquidationLoss).toBeNull()
  })
})
