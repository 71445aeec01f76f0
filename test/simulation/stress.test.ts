// Stress and cascade over many positions: drawn accounts of a pool with several assets, and loans as real ones were counted.
import { describe, expect, test } from 'vitest'
import { envOf } from '../../src/monitor/assessing.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { cascade } from '../../src/risk/cascade.ts'
import { venuesOf } from '../../src/risk/cascade-impact.ts'
import { cascadeReport } from '../../src/risk/cascade-report.ts'
import { groupingOf } from '../../src/risk/groups.ts'
import { crashDays } from '../../src/risk/scenario-days.ts'
import { createNames, type Moves, movesOf } from '../../src/risk/scenario-moves.ts'
import { prepare, stressStep } from '../../src/risk/stress.ts'
import type { StressBook } from '../../src/risk/stress-book.ts'
import { movedEnv } from '../../src/risk/stress-env.ts'
import { raisedBook } from '../../src/risk/stress-rates.ts'
import { valueAtRisk } from '../../src/risk/value-at-risk.ts'
import { drawnLoans, loanBook, WETH } from '../support/loan-book.ts'
import { sized } from '../support/size.ts'
import { simulateBook } from './screen-world.ts'

const COUNT = sized(1_000, 12_000)

const poolBook = (seed: number): StressBook => {
  const mirror = simulateBook(seed, COUNT)
  const block = { chainId: 31_337, number: 1n, hash: '0x01' as const, timestamp: 1_000_012 }
  const env = envOf(mirror, block, () => ({ price: 1n, scale: 1n, source: 'test' }))
  return { adapter: aaveV3, mirror, env, feeds: aaveV3.feeds(mirror) }
}

const namesOf = ({ feeds }: StressBook) => {
  const { groups } = groupingOf({ feeds, settings: [], wiring: new Map(), usdPriceOf: () => undefined })
  return createNames(feeds, groups)
}

/** Liquidatable positions, every one assessed: their keys, and what they owe and hold in dollars. */
const exactly = (stored: StressBook, moves: Moves) => {
  const book = moves.rises ? raisedBook(stored, moves.rises, moves.seconds) : stored
  const env = movedEnv(book, moves)
  const healths = [...book.mirror.positions].flatMap(([key, position]) => {
    const market = book.mirror.markets.get(position.id.market)
    const health = market && book.adapter.assess(market, position, env)
    return health?.kind === 'assessed' && health.isLiquidatable ? [{ key, health }] : []
  })
  const sumOf = (side: 'debtValue' | 'collateralValue'): number =>
    healths.reduce((sum, { health }) => sum + Number(health[side]) / 1e8, 0)
  return {
    keys: healths.map(({ key }) => key),
    debtUsd: sumOf('debtValue'),
    collateralUsd: sumOf('collateralValue'),
  }
}

describe(`${COUNT} accounts of a pool`, () => {
  const book = poolBook(2)
  const names = namesOf(book)

  test('every crash day finds exactly those that assess finds', () => {
    const prepared = prepare(book)
    const stored = new Set(exactly(book, { changes: new Map(), frozen: new Set(), seconds: 0 }).keys)
    for (const { steps } of crashDays.slice(0, sized(2, crashDays.length)))
      for (const step of steps) {
        const moves = movesOf(step, names)
        const { after, newlyIds } = stressStep([prepared], moves, 0)
        const expected = exactly(book, moves)
        expect(after.count).toBe(expected.keys.length)
        expect(after.debtUsd / expected.debtUsd).toBeCloseTo(1, 6)
        expect(after.collateralUsd / expected.collateralUsd).toBeCloseTo(1, 6)
        expect([...newlyIds].map((id) => id.split(':').slice(3).join(':')).sort()).toEqual(
          expected.keys.filter((key) => !stored.has(key)).sort(),
        )
      }
  })

  test('rates that rise or fall for a while find exactly those that assess finds', () => {
    const prepared = prepare(book)
    for (const [risePpm, days] of [
      [200_000n, 365],
      [-50_000n, 200],
      [5_000_000n, 30],
    ] as const) {
      const moves: Moves = {
        ...{ changes: new Map([[WETH, -50_000n]]), frozen: new Set(), seconds: days * 86_400 },
        rises: { everywhere: risePpm, assets: new Map() },
      }
      const { after } = stressStep([prepared], moves, 0)
      const expected = exactly(book, moves)
      expect(after.count).toBe(expected.keys.length)
      expect(after.debtUsd / expected.debtUsd).toBeCloseTo(1, 6)
      expect(after.collateralUsd / expected.collateralUsd).toBeCloseTo(1, 6)
    }
  })

  test('a cascade over a crash day is the same every time, comes to rest, and ends only debts that fall', () => {
    const day = crashDays.find(({ name }) => name === '2022-06-13')
    const steps = (day?.steps ?? []).map((step) => ({ name: step.name, moves: movesOf(step, names) }))
    const depths = [
      { subject: 'WETH', depthUsd: COUNT * 2_000 },
      { subject: 'WBTC', depthUsd: COUNT * 2_000 },
    ]
    const report = cascadeReport([book], steps, depths, names, () => undefined)
    const { spiral, still, onlyBySpiral, amplification } = report
    expect(cascade([book], steps, venuesOf(depths, names, 1))).toEqual(spiral)
    expect([spiral.isAtRest, still.isAtRest]).toEqual([true, true])
    expect(amplification).toBeGreaterThan(1)
    expect(onlyBySpiral.length).toBeGreaterThan(0)
    expect(spiral.rounds.reduce((sum, { liquidations }) => sum + liquidations, 0)).toBe(spiral.liquidations)
    for (const { part } of spiral.left) expect(part).toBeLessThan(1)
    console.info(
      `${COUNT} accounts: ${spiral.liquidations} liquidations in ${spiral.rounds.length} rounds, amplification ${amplification?.toFixed(3)}, ${onlyBySpiral.length} only by the spiral`,
    )
  })
})

test(`value at risk of ${COUNT} loans in one market never falls as the price does`, () => {
  const prepared = [prepare(loanBook(drawnLoans(COUNT)))]
  const depths = valueAtRisk(prepared, { changes: new Map(), frozen: new Set(), seconds: 0 }, [WETH])
  expect(depths).toHaveLength(90)
  for (const [index, { liquidatable }] of depths.entries()) {
    const before = depths[index - 1]?.liquidatable
    for (const name of ['count', 'debtUsd', 'badDebtUsd'] as const)
      expect(liquidatable[name]).toBeGreaterThanOrEqual(before?.[name] ?? 0)
  }
})
