import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawnLoans, loanBook, WETH } from '../../test/support/loan-book.ts'
import { type CascadeRun, cascade } from './cascade.ts'
import { venuesOf } from './cascade-impact.ts'
import { badDebtOf, cascadeReport } from './cascade-report.ts'
import { createNames, type Moves } from './scenario-moves.ts'
import type { StressBook } from './stress-book.ts'
import { movedEnv } from './stress-env.ts'

const names = createNames(
  [{ asset: WETH, symbol: 'WETH' }],
  [{ name: 'ETH', isStable: false, members: [{ asset: WETH, symbol: 'WETH' }] }],
)
const fall = (changePpm: bigint): Moves => ({
  ...{ changes: new Map([[WETH, changePpm]]), frozen: new Set(), seconds: 0 },
})
const run = (book: StressBook, changePpm: bigint, depthUsd?: number): CascadeRun =>
  cascade(
    [book],
    [{ name: 'fall', moves: fall(changePpm) }],
    venuesOf(depthUsd === undefined ? [] : [{ subject: 'WETH', depthUsd }], names, 1),
  )

/** What the market pays liquidators beyond what they repay, at an LLTV of 86 %: papers.json, 0.043841. */
const BONUS = 1 / (1 - 0.3 * (1 - 0.86)) - 1

describe('one loan', () => {
  const book = loanBook([{ debtDollars: 1_000_000, health: 1.1 }])

  test('is liquidated once it falls, and what is seized weighs on the price as stated', () => {
    const { rounds, liquidations, repaidUsd, seizedUsd, left, sold, isAtRest } = run(book, -100_000n, 5e6)
    expect([liquidations, rounds.length, isAtRest]).toEqual([1, 1, true])
    expect(repaidUsd).toBeCloseTo(1e6, 0)
    expect(seizedUsd / repaidUsd).toBeCloseTo(1 + BONUS, 6)
    expect(sold[0]?.dollars).toBeCloseTo(seizedUsd / 0.9, 0)
    expect(left[0]?.part).toBeCloseTo(0.98 ** (seizedUsd / 0.9 / 5e6), 9)
  })

  test('stays where it does not', () =>
    expect(run(book, -50_000n, 5e6)).toMatchObject({ liquidations: 0, rounds: [], isAtRest: true }))

  test('leaves bad debt only past the frontier 1 ÷ (1 + bonus), and past it does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900_000 }),
        fc.double({ min: 1.0001, max: 1.6, noNaN: true }),
        (ppm, health) => {
          const one = loanBook([{ debtDollars: 1_000, health }])
          const [position] = [...one.mirror.positions.values()]
          const [market] = [...one.mirror.markets.values()]
          const at =
            market && position && one.adapter.assess(market, position, movedEnv(one, fall(BigInt(-ppm))))
          if (at?.kind !== 'assessed') throw new Error('not assessed')
          const loanToValue = Number(at.debtValue) / Number(at.collateralValue)
          const { liquidations, badDebtUsd } = run(one, BigInt(-ppm))
          expect(liquidations > 0).toBe(at.isLiquidatable)
          const frontier = 1 / (1 + BONUS)
          if (loanToValue < frontier * 0.999999) expect(badDebtUsd).toBe(0)
          if (loanToValue > frontier * 1.00001) expect(badDebtUsd).toBeGreaterThan(0)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('two loans', () => {
  const book = loanBook([
    { debtDollars: 1_000_000, health: 1.1 },
    { debtDollars: 500_000, health: 1.2 },
  ])

  test('the second falls only by what the first sells', () => {
    const { spiral, still, amplification, onlyBySpiral } = cascadeReport(
      [book],
      [{ name: 'fall', moves: fall(-100_000n) }],
      [{ subject: 'ETH', depthUsd: 150_000 }],
      names,
      () => undefined,
    )
    expect([spiral.liquidatedIds.size, still.liquidatedIds.size]).toEqual([2, 1])
    expect(onlyBySpiral).toEqual(
      [[...book.mirror.positions.values()][1]].map(
        (one) => `1:morpho-blue:main:${one?.id.market}:${one?.owner}`,
      ),
    )
    expect(amplification).toBeCloseTo(1.5, 5)
    expect(spiral.rounds.map(({ liquidations }) => liquidations)).toEqual([1, 1])
  })

  test('what a later step brings falls on what earlier ones left', () => {
    const steps = [-100_000n, 0n, -180_000n].map((changePpm, index) => ({
      ...{ name: `step ${index}`, moves: fall(changePpm) },
    }))
    const { rounds } = cascade([book], steps, venuesOf([], names, 1))
    expect(rounds.map(({ step, liquidations }) => [step, liquidations])).toEqual([
      ['step 0', 1],
      ['step 2', 1],
    ])
  })
})

describe('many loans', () => {
  const loans = drawnLoans(300)
  const book = loanBook(loans)
  const report = (source: StressBook) =>
    cascadeReport(
      [source],
      [{ name: 'fall', moves: fall(-200_000n) }],
      [{ subject: 'WETH', depthUsd: 40e6 }],
      names,
      () => undefined,
    )
  const once = report(book)

  test('give the same run every time, in whatever order they are kept', () => {
    const turned = new Map([...book.mirror.positions].reverse())
    expect(report(book)).toEqual(once)
    expect(report({ ...book, mirror: { ...book.mirror, positions: turned } })).toEqual(once)
  })

  test('fall further the thinner the market is', () => {
    const amplifications = once.sensitivity.map(({ amplification }) => amplification ?? 0)
    expect(amplifications).toEqual([...amplifications].sort((a, b) => b - a))
    expect(once.amplification).toBeGreaterThan(1)
    expect(badDebtOf(once.spiral)).toBeGreaterThanOrEqual(badDebtOf(once.still))
    const deep = run(book, -200_000n, 1e15)
    expect(deep.liquidatedIds).toEqual(once.still.liquidatedIds)
  })

  test('come to rest with nothing left to liquidate that pays', () => {
    expect(once.spiral.isAtRest).toBe(true)
    expect(once.spiral.boundless).toEqual([])
    expect(once.still.boundless).toMatchObject([{ symbol: 'WETH' }])
    expect(once.spiral.outstanding.collateralUsd).toBeLessThan(1)
  })
})
