// The screen's bounds against exact rational arithmetic, however extreme the magnitudes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ScreenFactor, ScreenRow, ScreenTerm } from '../protocols/screening.ts'
import type { Bounds } from './interval.ts'
import { createScreen } from './screen.ts'

/** A float64 as an integer times 2^-1074. */
const SCALE_BITS = 1_074
const exact = (value: number): bigint => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const word = bits.getBigUint64(0)
  const exponent = (word >> 52n) & 0x7ffn
  const fraction = word & ((1n << 52n) - 1n)
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return word >> 63n === 1n ? -size : size
}

/** Both ends of what a side may be, in units of 2^-1074. */
const sideOf = (terms: readonly ScreenTerm[], factors: ReadonlyMap<string, ScreenFactor>) => {
  let [low, high] = [0n, 0n]
  for (const { factor, amount } of terms) {
    const known = factors.get(factor)
    if (!known) throw new Error(`no factor ${factor}`)
    const ends = [amount * exact(known.low), amount * exact(known.high)] as const
    const slack = exact(known.slack)
    low += (ends[0] < ends[1] ? ends[0] : ends[1]) - slack
    high += (ends[0] > ends[1] ? ends[0] : ends[1]) + slack
  }
  return { low, high }
}

/** Whether numerator ÷ denominator ≥ bound, exactly; `bound` finite. */
const isAtLeast = (numerator: bigint, denominator: bigint, bound: number): boolean =>
  numerator << BigInt(SCALE_BITS) >= exact(bound) * denominator

/** Whether bounds contain the health of every pair of sides. */
const expectContained = (
  bounds: Bounds,
  row: ScreenRow,
  factors: ReadonlyMap<string, ScreenFactor>,
): void => {
  const [collateral, debt] = [sideOf(row.collateral, factors), sideOf(row.debt, factors)]
  const least = collateral.low > 0n ? collateral.low : 0n
  if (debt.high > 0n) expect(isAtLeast(least, debt.high, bounds.low)).toBe(true)
  else expect(bounds.low).toBe(0)
  if (debt.low > 0n && bounds.high !== Number.POSITIVE_INFINITY)
    expect(!isAtLeast(collateral.high > 0n ? collateral.high : 0n, debt.low, bounds.high)).toBe(true)
  if (debt.low <= 0n) expect(bounds.high).toBe(Number.POSITIVE_INFINITY)
}

const NAMES = ['a', 'b', 'c', 'd']

const magnitude = fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -70, max: 70 }))
const factorArbitrary = fc
  .tuple(magnitude, fc.double({ min: 0, max: 0.01, noNaN: true }), fc.constantFrom(0, 1e-9, 3, 1e20))
  .map(([[digits, power], width, slack]): ScreenFactor => {
    const low = digits * 10 ** power
    return { low, high: low * (1 + width), slack, priceKey: null }
  })
const amountArbitrary = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 128n }),
  fc.bigInt({ min: -(2n ** 128n), max: 2n ** 128n }),
  fc.bigInt({ min: 0n, max: 1_000n }),
  fc.constantFrom(0n, 1n, 2n ** 128n, 2n ** 256n - 1n),
)
const termsArbitrary = (maxLength: number) =>
  fc.array(fc.record({ factor: fc.constantFrom(...NAMES), amount: amountArbitrary }), { maxLength })
const rowArbitrary = fc.record({ collateral: termsArbitrary(12), debt: termsArbitrary(6) })
const factorsArbitrary = fc
  .tuple(factorArbitrary, factorArbitrary, factorArbitrary, factorArbitrary)
  .map((values) => new Map(values.map((value, index) => [NAMES[index] ?? '', value])))

const screenOf = (
  rows: readonly (ScreenRow | 'always-exact')[],
  factors: ReadonlyMap<string, ScreenFactor>,
) => {
  const screen = createScreen()
  for (const [slot, row] of rows.entries()) screen.put(slot, 'pool', row)
  screen.setFactors(
    (_market, name) => factors.get(name),
    () => false,
  )
  return screen
}

const sweptOf = (screen: ReturnType<typeof createScreen>): readonly number[] => {
  const slots: number[] = []
  screen.sweep((slot) => slots.push(slot))
  return slots
}

describe('bounds', () => {
  test('contain what exact arithmetic gives', () => {
    fc.assert(
      fc.property(rowArbitrary, factorsArbitrary, (row, factors) => {
        const bounds = screenOf([row], factors).boundsOf(0)
        if (!bounds) return
        if (row.debt.length === 0) expect(bounds.low).toBe(Number.POSITIVE_INFINITY)
        else expectContained(bounds, row, factors)
      }),
      { numRuns: 500 },
    )
  })

  test('are narrow where factors are exact', () => {
    const factors = new Map([['a', { low: 3e-8, high: 3e-8, slack: 0, priceKey: null }]])
    const terms = Array.from({ length: 100 }, (_, index) => ({
      factor: 'a',
      amount: 10n ** 18n + BigInt(index),
    }))
    const bounds = screenOf(
      [{ collateral: terms, debt: [{ factor: 'a', amount: 10n ** 20n }] }],
      factors,
    ).boundsOf(0)
    expect(bounds?.low).toBeGreaterThan(1 - 1e-12)
    expect(bounds?.high).toBeLessThan(1 + 1e-12)
  })

  test('are not known where the sums overflow, a factor is not known or not finite, or there are too many terms', () => {
    const known = { low: 1, high: 1, slack: 0, priceKey: null }
    const factors = new Map([
      ['a', known],
      ['huge', { ...known, low: 1e300, high: 1e300 }],
      ['infinite', { ...known, high: Number.POSITIVE_INFINITY }],
    ])
    const debt = [{ factor: 'a', amount: 1n }]
    const of = (factor: string, amount: bigint): ScreenRow => ({ collateral: [{ factor, amount }], debt })
    const many = { collateral: Array.from({ length: 129 }, () => ({ factor: 'a', amount: 1n })), debt }
    const rows = [
      of('huge', 2n ** 128n),
      of('infinite', 1n),
      of('unknown', 1n),
      many,
      'always-exact' as const,
    ]
    const screen = screenOf(rows, factors)
    for (const slot of rows.keys()) {
      screen.hold(slot, { floor: -1, ceil: Number.POSITIVE_INFINITY })
      expect(screen.boundsOf(slot)).toBeUndefined()
    }
    expect(sweptOf(screen)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('narrow bounds', () => {
  /** Amounts times `worth`, each product cut to a whole number. */
  const cutFactor = (worth: number, isWhole: boolean): ScreenFactor => ({
    ...{ low: worth, high: worth, slack: 1, priceKey: null },
    termOf: (amount) => {
      const value = Math.floor(Number(amount) * worth)
      return isWhole ? { low: value - 0.5, high: value + 0.5 } : { low: value, high: value }
    },
    ...(isWhole ? { isWhole: true } : {}),
  })
  const amount = fc.bigInt({ min: 1n, max: 1_000n })

  test('contain the health of cut terms, exactly where each is told, and lie within the others', () => {
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 4 }),
        amount,
        fc.boolean(),
        (supplies, owed, isWhole) => {
          const factors = new Map([
            ['supply', cutFactor(1.25, false)],
            ['debt', cutFactor(0.75, isWhole)],
          ])
          const row: ScreenRow = {
            collateral: supplies.map((one) => ({ factor: 'supply', amount: one })),
            debt: [{ factor: 'debt', amount: owed }],
          }
          const screen = screenOf([row], factors)
          const [wide, narrow] = [screen.boundsOf(0), screen.narrowBoundsOf(0)]
          const value = supplies.reduce((sum, one) => sum + Math.floor(Number(one) * 1.25), 0)
          const debt = Math.floor(Number(owed) * 0.75)
          const health = debt === 0 ? Number.POSITIVE_INFINITY : value / debt
          expect(narrow?.low).toBeLessThanOrEqual(health)
          expect(narrow?.high).toBeGreaterThanOrEqual(health)
          if (debt > 0) expect((narrow?.high ?? 0) - (narrow?.low ?? 1)).toBeLessThan(1e-9 * (health + 1))
          if (debt > 0) expect(wide?.low).toBeLessThanOrEqual(narrow?.low ?? 0)
          if (debt > 0) expect(wide?.high).toBeGreaterThanOrEqual(narrow?.high ?? Number.POSITIVE_INFINITY)
        },
      ),
    )
  })

  test('are the others where an amount is no integer of float64', () => {
    const factors = new Map([['a', cutFactor(1, false)]])
    const large = { factor: 'a', amount: 2n ** 60n }
    const screen = screenOf([{ collateral: [large], debt: [large] }], factors)
    expect(screen.narrowBoundsOf(0)).toEqual(screen.boundsOf(0))
  })
})

describe('the sweep', () => {
  const edge = fc.constantFrom(-1, 0, 0.5, 1, 1.05, 2, 1_000, Number.POSITIVE_INFINITY)

  test('passes over a slot only while its health is certain to be within its interval', () => {
    fc.assert(
      fc.property(
        fc.array(rowArbitrary, { maxLength: 8 }),
        factorsArbitrary,
        edge,
        edge.filter((ceil) => ceil > 0),
        (rows, factors, floor, ceil) => {
          const screen = screenOf(rows, factors)
          for (const slot of rows.keys()) screen.hold(slot, { floor: floor, ceil: ceil })
          const visited = new Set(sweptOf(screen))
          expect(sweptOf(screen)).toEqual([...visited])
          for (const slot of rows.keys()) {
            if (visited.has(slot)) continue
            const bounds = screen.boundsOf(slot)
            expect(bounds).toBeDefined()
            if (!bounds) continue
            if (floor >= 0) expect(bounds.low * (1 + 1e-12) + 1e-17).toBeGreaterThanOrEqual(floor)
            if (ceil !== Number.POSITIVE_INFINITY)
              expect(bounds.high * (1 - 1e-12) - 1e-17).toBeLessThan(ceil)
          }
        },
      ),
    )
  })

  const unit = { low: 1, high: 1, slack: 0, priceKey: null }
  const loan = (collateral: bigint): ScreenRow => ({
    collateral: [{ factor: 'price', amount: collateral }],
    debt: [{ factor: 'unit', amount: 100n }],
  })
  const at = (price: number) => (_market: string, name: string) =>
    name === 'price' ? { ...unit, low: price, high: price } : unit
  const held = () => {
    const screen = createScreen()
    screen.put(0, 'one', loan(150n))
    screen.put(1, 'two', loan(250n))
    screen.put(2, 'one', 'always-exact')
    screen.setFactors(at(1), () => false)
    for (const slot of [0, 1, 2]) screen.hold(slot, { floor: 1, ceil: Number.POSITIVE_INFINITY })
    return screen
  }

  test('follows the factors, and what was outside is visited until it is held anew', () => {
    const screen = held()
    expect(sweptOf(screen)).toEqual([2])
    screen.setFactors(at(0.6), () => false)
    expect(sweptOf(screen)).toEqual([0, 2])
    screen.setFactors(at(0.6), () => false)
    expect(sweptOf(screen)).toEqual([0, 2])
    screen.hold(0, { floor: 0.5, ceil: 1 })
    expect(sweptOf(screen)).toEqual([2])
  })

  test('passes over muted markets and empty slots, and takes a slot that is put anew for a stranger', () => {
    const screen = held()
    screen.setFactors(at(0.1), (market) => market === 'one')
    expect(sweptOf(screen)).toEqual([1])
    screen.remove(1)
    expect(sweptOf(screen)).toEqual([])
    screen.put(1, 'two', loan(10_000n))
    expect(sweptOf(screen)).toEqual([1])
    screen.setFactors(at(1), () => false)
    expect(sweptOf(screen)).toEqual([1, 2])
    expect(screen.marketOf(1)).toBe('two')
  })

  test('rows may be put anew, longer and shorter, in any order', () => {
    const change = fc.record({ slot: fc.nat(30), row: fc.option(rowArbitrary, { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), factorsArbitrary, (changes, factors) => {
        const screen = createScreen()
        const rows = new Map<number, ScreenRow>()
        for (const { slot, row } of changes) {
          if (row) screen.put(slot, 'pool', row)
          else screen.remove(slot)
          if (row) rows.set(slot, row)
          else rows.delete(slot)
        }
        screen.setFactors(
          (_market, name) => factors.get(name),
          () => false,
        )
        const fresh = createScreen()
        for (const [slot, row] of rows) fresh.put(slot, 'pool', row)
        fresh.setFactors(
          (_market, name) => factors.get(name),
          () => false,
        )
        for (const slot of rows.keys()) expect(screen.boundsOf(slot)).toEqual(fresh.boundsOf(slot))
        expect(sweptOf(screen)).toEqual([...rows.keys()].sort((a, b) => a - b))
      }),
    )
  })
})
