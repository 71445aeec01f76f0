// The trigger index against brute force: a screen of its own with the price moved.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScreenFactor, ScreenRow } from '../protocols/screening.ts'
import type { Bounds } from './interval.ts'
import { createScreen } from './screen.ts'
import { createTriggers } from './triggers.ts'

const FEEDS = ['eth', 'btc', 'usd'] as const
type Feed = (typeof FEEDS)[number]

/** Two assets of each feed, and one without. */
const NAMES = [...FEEDS.flatMap((feed) => [`${feed}:1`, `${feed}:2`]), 'none']

type State = {
  readonly prices: ReadonlyMap<Feed, number>
  /** What an asset is worth besides its price: its index, its threshold. */
  readonly shares: ReadonlyMap<string, number>
  readonly unknown: ReadonlySet<string>
}

const factorIn = (
  { prices, shares, unknown }: State,
  name: string,
  moved?: Feed,
  ratio = 1,
): ScreenFactor | undefined => {
  if (unknown.has(name)) return undefined
  const [feed] = name.split(':')
  const price = (prices.get(feed as Feed) ?? 1) * (feed === moved ? ratio : 1)
  const low = price * (shares.get(name) ?? 1)
  return {
    low,
    high: low * (1 + 1e-5),
    slack: feed === moved ? 1e-6 * Math.max(1, ratio) : 1e-6,
    priceKey: feed === 'none' ? null : (feed ?? ''),
  }
}

const bruteOf = (
  rows: ReadonlyMap<number, ScreenRow>,
  state: State,
  moved: Feed,
  ratio: number,
): ReadonlyMap<number, Bounds> => {
  const screen = createScreen()
  for (const [slot, row] of rows) screen.put(slot, 'pool', row)
  screen.setFactors(
    (_market, name) => factorIn(state, name, moved, ratio),
    () => false,
  )
  return new Map(
    [...rows.keys()].flatMap((slot) => {
      const bounds = screen.boundsOf(slot)
      return bounds ? [[slot, bounds] as const] : []
    }),
  )
}

const terms = fc.array(
  fc.record({ factor: fc.constantFrom(...NAMES), amount: fc.bigInt({ min: 0n, max: 10_000n }) }),
  { minLength: 1, maxLength: 3 },
)
const row: fc.Arbitrary<ScreenRow> = fc.record({ collateral: terms, debt: terms })
const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      feed: fc.constantFrom(...FEEDS),
      by: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      feed: fc.constantFrom(...FEEDS),
      by: fc.double({ min: 0.01, max: 50, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('share' as const),
      name: fc.constantFrom(...NAMES),
      by: fc.double({ min: 0.98, max: 1.02, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('row' as const),
      slot: fc.nat(12),
      row: fc.option(row, { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('unknown' as const), name: fc.constantFrom(...NAMES) }),
  },
)

/** What floats may round. */
const CLOSE = 1e-9

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

const moved = (state: State, one: Move): State => {
  if (one.kind === 'price')
    return {
      ...state,
      prices: new Map([...state.prices, [one.feed, (state.prices.get(one.feed) ?? 1) * one.by]]),
    }
  if (one.kind === 'share')
    return {
      ...state,
      shares: new Map([...state.shares, [one.name, (state.shares.get(one.name) ?? 1) * one.by]]),
    }
  if (one.kind === 'row') return state
  const unknown = new Set(state.unknown)
  if (!unknown.delete(one.name)) unknown.add(one.name)
  return { ...state, unknown }
}

test('an index answers what brute force finds, through drifts, jumps and changes', () => {
  const ratio = fc.oneof(
    fc.double({ min: 0.5, max: 2, noNaN: true }),
    fc.constantFrom(1, 0.95, 1.05, 0.01, 100),
  )
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 10 }),
      fc.array(move, { maxLength: 25 }),
      ratio,
      (first, moves, to) => {
        const rows = new Map(first.entries())
        const screen = createScreen()
        const triggers = createTriggers(screen)
        for (const [slot, one] of rows) {
          screen.put(slot, 'pool', one)
          triggers.put(slot)
        }
        let state: State = {
          prices: new Map([
            ['eth', 2_000],
            ['btc', 60_000],
            ['usd', 1],
          ]),
          shares: new Map(),
          unknown: new Set(),
        }
        for (const one of [undefined, ...moves]) {
          if (one) state = moved(state, one)
          if (one?.kind === 'row') {
            if (one.row) rows.set(one.slot, one.row)
            else rows.delete(one.slot)
            if (one.row) screen.put(one.slot, 'pool', one.row)
            else screen.remove(one.slot)
            triggers.put(one.slot)
          }
          const now = state
          screen.setFactors(
            (_market, name) => factorIn(now, name),
            () => false,
          )
          triggers.refresh((name) => now.prices.get(name as Feed))
          for (const feed of FEEDS) {
            const current = bruteOf(rows, now, feed, 1)
            const open = [...current].filter(([, { high }]) => high >= 1 + CLOSE).map(([slot]) => slot)
            const found = new Map(triggers.crossing(feed, to).map(({ slot, isCertain }) => [slot, isCertain]))
            const then = bruteOf(rows, now, feed, to)
            const rests = (slot: number): boolean =>
              [...(rows.get(slot)?.collateral ?? []), ...(rows.get(slot)?.debt ?? [])].some(({ factor }) =>
                factor.startsWith(`${feed}:`),
              )
            for (const slot of open)
              if (rests(slot) && (then.get(slot)?.low ?? 2) < 1 - CLOSE)
                expect([feed, slot, found.has(slot)]).toEqual([feed, slot, true])
            for (const [slot, isCertain] of found) {
              expect(then.get(slot)?.low).toBeLessThan(1 + CLOSE)
              if (isCertain) expect(then.get(slot)?.high).toBeLessThan(1 + CLOSE)
            }
            const { down, up } = triggers.nearest(feed)
            for (const [nearest, nearer, farther] of [
              [down, 1 + CLOSE, 1 - CLOSE],
              [up, 1 - CLOSE, 1 + CLOSE],
            ] as const) {
              if (nearest === undefined || nearest === 1 || !Number.isFinite(nearest)) continue
              expect(triggers.crossing(feed, nearest * farther).length).toBeGreaterThan(0)
              const before = triggers.crossing(feed, nearest * nearer)
              if (nearest * nearer !== 1) expect(before.filter(({ isCertain }) => isCertain)).toEqual([])
            }
          }
        }
      },
    ),
    { numRuns: 100 },
  )
})

const unit = { low: 1, high: 1, slack: 0 }

test('the nearest trigger of a feed, where a loan of 80 against 100 stands at its threshold of 0.9', () => {
  const screen = createScreen()
  const triggers = createTriggers(screen)
  screen.put(0, 'pool', {
    collateral: [{ factor: 'eth', amount: 100n }],
    debt: [{ factor: 'usd', amount: 80n }],
  })
  screen.put(1, 'pool', {
    collateral: [{ factor: 'eth', amount: 1_000n }],
    debt: [{ factor: 'usd', amount: 80n }],
  })
  screen.put(2, 'pool', {
    collateral: [{ factor: 'eth', amount: 10n }],
    debt: [{ factor: 'usd', amount: 80n }],
  })
  for (const slot of [0, 1, 2]) triggers.put(slot)
  const at = (price: number) => {
    screen.setFactors(
      (_market, name) =>
        name === 'eth'
          ? { ...unit, low: price * 0.9, high: price * 0.9, priceKey: 'eth' }
          : { ...unit, priceKey: 'usd' },
      () => false,
    )
    triggers.refresh((name) => (name === 'eth' ? price : 1))
  }
  at(1)
  expect(triggers.nearest('eth').down).toBeCloseTo(80 / 90, 9)
  expect(triggers.nearest('eth').up).toBeUndefined()
  expect(triggers.nearest('usd').up).toBeCloseTo(90 / 80, 9)
  expect(triggers.crossing('eth', 0.95)).toEqual([])
  expect(triggers.crossing('eth', 0.88)).toMatchObject([{ slot: 0, isCertain: true }])
  at(0.95)
  expect(triggers.nearest('eth').down).toBeCloseTo(80 / 90 / 0.95, 9)
  at(0.5)
  expect(triggers.nearest('eth').down).toBeCloseTo(80 / 900 / 0.5, 9)
  expect(triggers.nearest('nobody')).toEqual({ down: undefined, up: undefined })
})
