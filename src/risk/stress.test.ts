import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DrawnLoan, drawnLoans, loanBook, USDC, WETH } from '../../test/support/loan-book.ts'
import type { Health } from '../model/assessment.ts'
import type { Moves } from './scenario-moves.ts'
import { prepare, stressStep } from './stress.ts'
import type { StressBook } from './stress-book.ts'
import { movedEnv } from './stress-env.ts'
import { valueAtRisk } from './value-at-risk.ts'

const still: Moves = { changes: new Map(), frozen: new Set(), seconds: 0 }
const fall = (changePpm: bigint, more: Partial<Moves> = {}): Moves => ({
  ...still,
  changes: new Map([[WETH, changePpm]]),
  ...more,
})
const YEAR_SECONDS = 365 * 86_400

/** Every position, exactly. */
const assessAll = ({ adapter, mirror, env }: StressBook): readonly Health[] =>
  [...mirror.positions.values()].map((position) => {
    const market = mirror.markets.get(position.id.market)
    const health = market && adapter.assess(market, position, env)
    if (health?.kind !== 'assessed') throw new Error('not assessed')
    return health
  })

/** Dollars of USDC. */
const dollars = (value: bigint): number => Number(value) / 1e6

const sumOf = (healths: readonly Health[]) => ({
  count: healths.length,
  debtUsd: healths.reduce((sum, { debtValue }) => sum + dollars(debtValue), 0),
  collateralUsd: healths.reduce((sum, { collateralValue }) => sum + dollars(collateralValue), 0),
  badDebtUsd: healths.reduce(
    (sum, { debtValue, collateralValue }) =>
      sum + dollars(debtValue > collateralValue ? debtValue - collateralValue : 0n),
    0,
  ),
})

const expectClose = (sum: object, exact: ReturnType<typeof sumOf>): void => {
  expect(sum).toMatchObject({ count: exact.count })
  for (const [name, value] of Object.entries(exact))
    expect((sum as Record<string, number>)[name], name).toBeCloseTo(value, 2)
}

describe('a step', () => {
  const loans = drawnLoans(400)
  const book = loanBook(loans)
  const prepared = [prepare(book)]

  test.each([0n, -50_000n, -300_000n, -900_000n])(
    'finds, at %d ppm, exactly the loans that assess finds, and what they hold and owe',
    (changePpm) => {
      const moves = fall(changePpm)
      const [before, after] = [assessAll(book), assessAll({ ...book, env: movedEnv(book, moves) })]
      const found = stressStep(prepared, moves, 5)
      const newly = after.filter(
        ({ isLiquidatable }, index) => isLiquidatable && !before[index]?.isLiquidatable,
      )
      expectClose(found.before, sumOf(before.filter(({ isLiquidatable }) => isLiquidatable)))
      expectClose(found.after, sumOf(after.filter(({ isLiquidatable }) => isLiquidatable)))
      expectClose(found.newly, sumOf(newly))
      expect([...found.newlyIds].sort()).toEqual(newly.map(({ id }) => id).sort())
      expect(found.largest).toEqual([...newly].sort((a, b) => Number(b.debtValue - a.debtValue)).slice(0, 5))
      expect(found.recovered).toBe(0)
      const [market] = found.markets
      expect(market).toMatchObject({
        id: { protocol: 'morpho-blue' },
        newly: found.newly,
        after: found.after,
      })
      if (newly.length > 0) {
        expect(found.assets.find(({ symbol }) => symbol === 'USDC')?.debtUsd).toBeCloseTo(
          found.newly.debtUsd,
          2,
        )
        expect(found.assets.find(({ symbol }) => symbol === 'WETH')?.collateralUsd).toBeCloseTo(
          found.newly.collateralUsd,
          2,
        )
      }
    },
  )

  test('lets loans recover when the price rises', () => {
    const found = stressStep(prepared, fall(5_000_000n), 0)
    expect(found.before.count).toBeGreaterThan(0)
    expect(found).toMatchObject({ recovered: found.before.count, after: { count: 0 }, newly: { count: 0 } })
  })

  test('accrues interest, and says what is owed then', () => {
    const found = stressStep(prepared, { ...still, seconds: YEAR_SECONDS }, 0)
    const after = assessAll({ ...book, env: movedEnv(book, { ...still, seconds: YEAR_SECONDS }) })
    expect(found.newly.count).toBeGreaterThan(0)
    expectClose(found.after, sumOf(after.filter(({ isLiquidatable }) => isLiquidatable)))
  })

  test('raises the price of collateral in a quote that falls, and the dollars of what is owed fall', () => {
    const found = stressStep(prepared, { ...still, changes: new Map([[USDC, -500_000n]]) }, 0)
    expect(found).toMatchObject({ newly: { count: 0 } })
    const both = new Map([
      [WETH, -500_000n],
      [USDC, -500_000n],
    ])
    const together = stressStep(prepared, { ...still, changes: both }, 0)
    expect(together.after.count).toBe(together.before.count)
    expect(together.after.debtUsd).toBeCloseTo(together.before.debtUsd / 2, 2)
  })

  test('leaves a frozen price alone, and tells the bad debt that it hides', () => {
    const found = stressStep(prepared, fall(-600_000n, { frozen: new Set([WETH]) }), 0)
    const open = stressStep(prepared, fall(-600_000n), 0)
    expect(found.newly.count).toBe(0)
    expect(open.newly.count).toBeGreaterThan(0)
    expect(open.badDebtAtMarketUsd).toBeNull()
    expect(found.badDebtAtMarketUsd).toBeCloseTo(open.after.badDebtUsd, 2)
  })

  test('tells what cannot be assessed, and what cannot only now', () => {
    const prices = (): undefined => undefined
    const broken = { ...book, env: { ...book.env, prices } }
    const found = stressStep([prepare(broken)], still, 0)
    expect([found.unassessable.length, found.newlyUnassessable]).toEqual([loans.length, 0])
    expect(found.all.count).toBe(0)
  })

  test('counts what no dollar price is known of', () => {
    const unquoted = { ...book, env: { ...book.env, quotes: () => null } }
    const found = stressStep([prepare(unquoted)], fall(-300_000n), 0)
    expect(found.unvalued).toBe(loans.length)
    expect(found.newly).toMatchObject({ count: expect.any(Number), debtUsd: 0 })
    expect(found.newly.count).toBeGreaterThan(0)
  })
})

describe('value at risk', () => {
  const loan = fc.record<DrawnLoan>({
    debtDollars: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    health: fc.double({ min: 0.5, max: 20, noNaN: true }),
  })

  test('never falls as prices do, and neither does bad debt', () => {
    fc.assert(
      fc.property(fc.array(loan, { minLength: 1, maxLength: 30 }), fc.nat(YEAR_SECONDS), (loans, seconds) => {
        const depths = valueAtRisk([prepare(loanBook(loans))], { ...still, seconds }, [WETH])
        for (const [index, { liquidatable }] of depths.entries()) {
          const before = depths[index - 1]?.liquidatable
          if (!before) continue
          expect(liquidatable.count).toBeGreaterThanOrEqual(before.count)
          expect(liquidatable.debtUsd).toBeGreaterThanOrEqual(before.debtUsd)
          expect(liquidatable.badDebtUsd).toBeGreaterThanOrEqual(before.badDebtUsd)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('is, at every depth, what a step of that depth finds', () => {
    const prepared = [prepare(loanBook(drawnLoans(100)))]
    for (const { changePpm, liquidatable } of valueAtRisk(prepared, still, [WETH], [-10_000n, -450_000n]))
      expect(stressStep(prepared, fall(changePpm), 0).after).toEqual(liquidatable)
  })
})
