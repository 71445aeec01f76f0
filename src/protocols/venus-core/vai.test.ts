// VAI's debt and its repayment: what holds for every loan.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WAD } from '../../units/brands.ts'
import type { Vai, VaiLoan } from './state.ts'
import {
  accrueVai,
  countedRepayment,
  repaidLoan,
  splitRepaymentDown,
  vaiDebtDown,
  vaiRatePerBlockDown,
} from './vai.ts'

const ADDRESS = '0x0000000000000000000000000000000000000001'

const vai: Vai = {
  ...{ controller: ADDRESS, token: ADDRESS, mintIndex: WAD, accruedAt: 100n },
  ...{ baseRate: WAD / 50n, floatRate: WAD / 2n, blocksPerYear: 10_512_000n },
  ...{ seizesForInterest: true, isPaused: false, pausedActions: [], isForcedLiquidationEnabled: false },
}

const amount = fc.bigInt({ min: 0n, max: 10n ** 30n })
const loans = fc
  .record({ earning: amount, pastInterest: amount, index: fc.bigInt({ min: WAD, max: 2n * WAD }) })
  .map(
    ({ earning, pastInterest, index }): VaiLoan => ({
      minted: earning + pastInterest,
      pastInterest,
      interestIndex: index,
    }),
  )
const indexes = fc.bigInt({ min: 2n * WAD, max: 5n * WAD })

describe('the rate', () => {
  test('floats only while VAI is below a dollar', () => {
    expect(vaiRatePerBlockDown(vai, () => WAD)).toBe(vai.baseRate / vai.blocksPerYear)
    expect(vaiRatePerBlockDown(vai, () => 2n * WAD)).toBe(vai.baseRate / vai.blocksPerYear)
    expect(vaiRatePerBlockDown(vai, () => WAD - WAD / 10n)).toBe(
      (vai.baseRate + vai.floatRate / 10n) / vai.blocksPerYear,
    )
  })

  test('asks for no price where none is needed', () => {
    const never = (): bigint => {
      throw new Error('asked')
    }
    expect(vaiRatePerBlockDown({ ...vai, floatRate: 0n }, never)).toBe(vai.baseRate / vai.blocksPerYear)
    expect(vaiRatePerBlockDown({ ...vai, baseRate: 0n }, never)).toBe(0n)
  })

  test('adds up block by block: in one step or in several, the index is the same', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 100n, max: 10n ** 8n }),
        fc.bigInt({ min: 0n, max: 10n ** 8n }),
        (a, b) => {
          const price = () => WAD - 1n
          const inTwo = accrueVai(accrueVai(vai, a, price), a + b, price)
          expect(inTwo).toEqual(accrueVai(vai, a + b, price))
        },
      ),
    )
  })
})

describe('a repayment', () => {
  test('of everything or more leaves nothing, and takes exactly the debt', () => {
    fc.assert(
      fc.property(loans, indexes, amount, (loan, mintIndex, more) => {
        const now = { ...vai, mintIndex }
        const owed = vaiDebtDown(now, loan)
        const parts = splitRepaymentDown(now, loan, owed + more)
        expect(parts.burnt + parts.interest).toBe(owed)
        expect(repaidLoan(loan, parts)).toMatchObject({ minted: 0n, pastInterest: 0n })
      }),
    )
  })

  test('never counts for more than was asked for, and never makes the debt larger', () => {
    fc.assert(
      fc.property(loans, indexes, amount, (loan, mintIndex, repay) => {
        const now = { ...vai, mintIndex }
        const owed = vaiDebtDown(now, loan)
        const parts = splitRepaymentDown(now, loan, repay)
        const counted = countedRepayment(now, parts)
        expect(counted <= repay || repay >= owed).toBe(true)
        expect(vaiDebtDown(now, repaidLoan(loan, parts)) <= owed).toBe(true)
        expect(countedRepayment({ ...now, seizesForInterest: false }, parts)).toBe(parts.burnt)
      }),
    )
  })

  test('of nothing changes nothing', () => {
    fc.assert(
      fc.property(loans, indexes, (loan, mintIndex) => {
        const now = { ...vai, mintIndex }
        fc.pre(vaiDebtDown(now, loan) > 0n)
        expect(repaidLoan(loan, splitRepaymentDown(now, loan, 0n))).toEqual(loan)
      }),
    )
  })
})
