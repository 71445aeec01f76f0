import { describe, expect, test } from 'vitest'
import { drawnLoans, loanBook, USDC, WETH } from '../../test/support/loan-book.ts'
import type { Health } from '../model/assessment.ts'
import { cascade } from './cascade.ts'
import { venuesOf } from './cascade-impact.ts'
import { createNames, type Moves, type Rises } from './scenario-moves.ts'
import { prepare, stressStep } from './stress.ts'
import type { StressBook } from './stress-book.ts'
import { raisedBook } from './stress-rates.ts'
import { valueAtRisk } from './value-at-risk.ts'

const DAY_SECONDS = 86_400
const YEAR_SECONDS = 365 * DAY_SECONDS
const still: Moves = { changes: new Map(), frozen: new Set(), seconds: 0 }
const lasting = (seconds: number, rises?: Rises): Moves => ({
  ...still,
  seconds,
  ...(rises ? { rises } : {}),
})
const everywhere = (ppm: bigint): Rises => ({ everywhere: ppm, assets: new Map() })
const only = (...assets: readonly (readonly [typeof WETH, bigint])[]): Rises => ({
  everywhere: 0n,
  assets: new Map(assets),
})

const loans = drawnLoans(200)
const book = loanBook(loans)
const prepared = [prepare(book)]

/** Loans that assess finds liquidatable so many seconds later. */
const fallen = ({ adapter, mirror, env }: StressBook, seconds: number): readonly Health[] =>
  [...mirror.positions.values()].flatMap((position) => {
    const market = mirror.markets.get(position.id.market)
    const health = market && adapter.assess(market, position, { ...env, timestamp: env.timestamp + seconds })
    return health?.kind === 'assessed' && health.isLiquidatable ? [health] : []
  })

/** What one loan of a million dollars owes so many seconds later, in units of USDC. */
const owed = (seconds: number, rises: Rises = everywhere(0n)): number => {
  const one = raisedBook(loanBook([{ debtDollars: 1e6, health: 2 }]), rises, seconds)
  const [[market], [position]] = [[...one.mirror.markets.values()], [...one.mirror.positions.values()]]
  if (!market || !position) throw new Error('no loan')
  const health = one.adapter.assess(market, position, { ...one.env, timestamp: one.env.timestamp + seconds })
  return health.kind === 'assessed' ? Number(health.debtValue) : Number.NaN
}

describe('a rise of rates', () => {
  test.each([
    [30 * DAY_SECONDS, everywhere(200_000n)],
    [YEAR_SECONDS, only([USDC, 50_000n])],
    [YEAR_SECONDS, everywhere(-10_000n)],
  ])('for %d seconds makes exactly those loans liquidatable that assess finds', (seconds, rises) => {
    const found = stressStep(prepared, lasting(seconds, rises), 3)
    const expected = fallen(raisedBook(book, rises, seconds), seconds)
    expect(found.after.count).toBe(expected.length)
    const debtUsd = expected.reduce((sum, { debtValue }) => sum + Number(debtValue) / 1e6, 0)
    expect(found.after.debtUsd / debtUsd).toBeCloseTo(1, 9)
    expect(expected).toEqual(expect.arrayContaining([...found.largest]))
    expect(found.keptRates).toEqual([])
  })

  test('finds more than the rates of now do; of an asset that nobody owes, it finds the same', () => {
    const [now, more] = [undefined, everywhere(500_000n)].map((rises) =>
      stressStep(prepared, lasting(YEAR_SECONDS, rises), 0),
    )
    expect(more?.newly.count).toBeGreaterThan(now?.newly.count ?? 0)
    expect(stressStep(prepared, lasting(YEAR_SECONDS, only([WETH, 500_000n])), 0)).toEqual({ ...now })
  })

  test('costs a debt its points, continuously compounded, on top of the rate of now', () => {
    const [now, more] = [owed(YEAR_SECONDS, everywhere(1n)), owed(YEAR_SECONDS, everywhere(50_000n))]
    expect(more / now / Math.exp(0.05 - 1e-6)).toBeCloseTo(1, 4)
  })

  test('falls no rate below 0', () => {
    expect(owed(YEAR_SECONDS, everywhere(-1_000_000n))).toBe(owed(0))
  })

  test('counts in a curve, and in a cascade that walks on at other rates', () => {
    const moves = lasting(YEAR_SECONDS, everywhere(300_000n))
    const step = stressStep(prepared, moves, 0)
    expect(valueAtRisk(prepared, moves, [WETH], [0n])[0]?.liquidatable).toEqual(step.after)
    const before = new Set(fallen(book, 0).map(({ id }) => id))
    const names = createNames([{ asset: WETH, symbol: 'WETH' }], [])
    const run = (...steps: readonly Moves[]) =>
      cascade(
        [book],
        steps.map((one, index) => ({ name: `${index}`, moves: one })),
        venuesOf([], names, 1),
      )
    const { liquidatedIds, outstanding } = run(moves)
    expect(liquidatedIds.size + outstanding.count).toBe(step.after.count)
    expect([...step.newlyIds]).toEqual(
      expect.arrayContaining([...liquidatedIds].filter((id) => !before.has(id))),
    )
    // A second year at the rates of now adds less than one at the raised ones.
    const twice = lasting(2 * YEAR_SECONDS, everywhere(300_000n))
    const [lower, higher] = [run(moves, lasting(2 * YEAR_SECONDS)), run(moves, twice)]
    expect(higher.liquidations).toBeGreaterThan(lower.liquidations)
    expect(lower.liquidations).toBeGreaterThanOrEqual(run(moves).liquidations)
  })
})

test('debts whose rates no market sets are told of, not passed over', () => {
  const { withRates: _, ...adapter } = book.adapter
  const fixed = [prepare({ ...book, adapter })]
  const { keptRates, after: found } = stressStep(fixed, lasting(YEAR_SECONDS, everywhere(500_000n)), 0)
  expect(keptRates).toMatchObject([{ protocol: 'morpho-blue', symbols: ['USDC'], loans: loans.length }])
  expect(keptRates[0]?.debtUsd).toBeCloseTo(
    loans.reduce((sum, { debtDollars }) => sum + debtDollars, 0),
    0,
  )
  expect(found).toEqual(stressStep(prepared, lasting(YEAR_SECONDS), 0).after)
  expect(stressStep(fixed, lasting(YEAR_SECONDS, only([WETH, 500_000n])), 0).keptRates).toEqual([])
})
