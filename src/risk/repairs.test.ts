import { describe, expect, test } from 'vitest'
import { COLLATERAL, DEBT, type SimpleTerms, simpleLoan } from '../../test/support/simple-loan.ts'
import type { Health } from '../model/assessment.ts'
import { WAD } from '../units/brands.ts'
import { assessLoan } from './loan.ts'
import { repairsOf } from './repairs.ts'

const TARGET = 2n * WAD

const repairFor = (terms: Partial<SimpleTerms>, target = TARGET) => {
  const loan = simpleLoan(terms)
  const [repair] = repairsOf(loan, assessLoan(loan) as Health, [target])
  if (!repair) throw new Error('there is nothing to repair')
  return repair
}

const debt = { asset: DEBT, symbol: 'D', decimals: 0 }
const collateral = { asset: COLLATERAL, symbol: 'C', decimals: 0 }

describe('repairs', () => {
  test('from health 1.6 to 2: the least of the debt, of the collateral, and of selling one for the other', () => {
    expect(repairFor({})).toEqual({
      targetHealthFactor: TARGET,
      repay: [{ ...debt, amount: 2_000_000n, value: 2_000_000n }],
      supply: [{ ...collateral, amount: 2_500n, value: 5_000_000n }],
      // (16 − 0.8 v) ÷ (10 − v) = 2 at v = 4 ÷ 1.2, and whole units of collateral are sold.
      deleverage: [
        {
          repay: { ...debt, amount: 3_334_000n, value: 3_334_000n },
          withdraw: { ...collateral, amount: 1_667n, value: 3_334_000n },
        },
      ],
      cheapest: [{ kind: 'repay', ...debt, amount: 2_000_000n, value: 2_000_000n }],
      unfit: [],
    })
  })

  test('targets that are reached already are left out; so is a loan without a debt', () => {
    const loan = simpleLoan()
    const health = assessLoan(loan) as Health
    expect(repairsOf(loan, health)).toEqual([])
    expect(repairsOf(loan, health, [WAD, TARGET, 3n * WAD])).toHaveLength(2)
    const free = simpleLoan({ debt: 0n })
    expect(repairsOf(free, assessLoan(free) as Health, [TARGET])).toEqual([])
  })

  test('what is too small for the contract is rounded up to what it takes', () => {
    expect(repairFor({ repayMin: 3_000_000n }).repay).toEqual([
      { ...debt, amount: 3_000_000n, value: 3_000_000n },
    ])
  })

  test('where the contract takes no less than a dear repayment, a supply is cheapest', () => {
    const { repay, cheapest } = repairFor({ repayMin: 9_000_000n })
    expect(repay).toEqual([{ ...debt, amount: 9_000_000n, value: 9_000_000n }])
    expect(cheapest).toEqual([{ kind: 'supply', ...collateral, amount: 2_500n, value: 5_000_000n }])
  })

  test('where a rest would be dust, everything is repaid', () => {
    const { repay, supply, cheapest } = repairFor({ debtMin: 9_000_000n })
    expect(repay).toEqual([{ ...debt, amount: 10_000_000n, value: 10_000_000n, isAll: true }])
    // Cheaper is as much of the debt as may be, and collateral for the rest: 0.8 · (20 + v) = 2 · 9.
    expect(supply).toEqual([{ ...collateral, amount: 2_500n, value: 5_000_000n }])
    expect(cheapest).toEqual([
      { kind: 'repay', ...debt, amount: 1_000_000n, value: 1_000_000n },
      { kind: 'supply', ...collateral, amount: 1_250n, value: 2_500_000n },
    ])
  })

  test('a cap on supplies is told in the contract’s words', () => {
    const { supply, unfit } = repairFor({ supplyMax: 12_499n })
    expect([supply, unfit]).toEqual([[], [{ kind: 'supply', symbol: 'C', asset: COLLATERAL, reason: 'cap' }]])
    expect(repairFor({ supplyMax: 12_500n }).supply).toHaveLength(1)
  })
})
