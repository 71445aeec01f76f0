// A screen that has followed its factors for a while visits what one visits that sums up every row.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScreenFactor, ScreenRow } from '../protocols/screening.ts'
import type { Interval } from './interval.ts'
import { createScreen } from './screen.ts'

const NAMES = ['a', 'b', 'c', 'd']
const SLOTS = 8

const sizeArbitrary = fc
  .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.constantFrom(-30, -1, 0, 1))
  .map(([digits, power]) => digits * 10 ** power)

const factorArbitrary = fc
  .tuple(sizeArbitrary, fc.constantFrom(0, 1e-9, 1e-4), fc.constantFrom(0, 1e-9, 3, 1e4))
  .map(([low, width, slack]): ScreenFactor => ({ low, high: low * (1 + width), slack, priceKey: null }))

const amountArbitrary = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 100n, max: 20_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 100n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 100n), max: 0n }) },
)
const termsArbitrary = (minLength: number) =>
  fc.array(fc.record({ factor: fc.constantFrom(...NAMES), amount: amountArbitrary }), {
    minLength,
    maxLength: 4,
  })
const rowArbitrary = fc.oneof(
  { weight: 9, arbitrary: fc.record({ collateral: termsArbitrary(1), debt: termsArbitrary(1) }) },
  { weight: 1, arbitrary: fc.record({ collateral: termsArbitrary(1), debt: fc.constant([]) }) },
)

/** An interval around a health, by shares of it. */
const restArbitrary = fc.record({
  below: fc.constantFrom(0, 1e-9, 0.01, 0.05, 2),
  above: fc.constantFrom(0, 1e-9, 0.01, 0.05, Number.POSITIVE_INFINITY),
})

/** What becomes of a factor between two heads; undefined: it is not known any more. */
const moveArbitrary = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(1, 1 + 1e-9, 1 + 1e-6, 1.001, 0.999, 0.98, 1.02, 1.1) },
  { weight: 2, arbitrary: fc.constantFrom(0.5, 3, 0) },
  { weight: 1, arbitrary: fc.constant(undefined) },
)

const headArbitrary = fc.record({
  moves: fc.tuple(moveArbitrary, moveArbitrary, moveArbitrary, moveArbitrary),
  slackShare: fc.constantFrom(1, 1, 1, 1, 1.5, 5, 0.5),
  placed: fc.array(fc.tuple(fc.nat(SLOTS - 1), rowArbitrary), { maxLength: 1 }),
  held: fc.array(fc.tuple(fc.nat(SLOTS - 1), restArbitrary), { maxLength: SLOTS }),
  removed: fc.option(fc.nat(SLOTS - 1)),
  /** Factors are set once more than they are swept. */
  isAsked: fc.boolean(),
  /** The second market stays where it was, or is not looked at. */
  second: fc.constantFrom('moves', 'moves', 'stays', 'muted'),
})

type Held = { row: ScreenRow; interval: Interval | undefined }
type Slots = Map<number, Held>
type Known = ReadonlyMap<string, ScreenFactor | undefined>

type Head = { readonly first: Known; readonly second: Known; readonly isMuted: boolean }

const marketOf = (slot: number): string => (slot % 2 === 0 ? 'first' : 'second')

const setFactors = (screen: ReturnType<typeof createScreen>, { first, second, isMuted }: Head): void =>
  screen.setFactors(
    (market, name) => (market === 'first' ? first : second).get(name),
    (market) => isMuted && market === 'second',
  )

const sweptOf = (screen: ReturnType<typeof createScreen>, head: Head): readonly number[] => {
  const slots: number[] = []
  setFactors(screen, head)
  screen.sweep((slot) => slots.push(slot))
  return slots
}

const freshOf = (slots: Slots): ReturnType<typeof createScreen> => {
  const screen = createScreen()
  for (const [slot, { row, interval }] of slots) {
    screen.put(slot, marketOf(slot), row)
    if (interval) screen.hold(slot, interval)
  }
  return screen
}

const moved = (factor: ScreenFactor, move: number, slackShare: number): ScreenFactor => ({
  ...factor,
  low: factor.low * move,
  high: factor.high * move,
  slack: factor.slack * slackShare,
})

test('margins pass over no slot that its sums would not', () => {
  fc.assert(
    fc.property(
      fc.array(rowArbitrary, { minLength: SLOTS, maxLength: SLOTS }),
      fc.tuple(factorArbitrary, factorArbitrary, factorArbitrary, factorArbitrary),
      fc.array(headArbitrary, { maxLength: 12 }),
      (rows, first, heads) => {
        const slots: Slots = new Map(rows.map((row, slot) => [slot, { row, interval: undefined }]))
        const screen = freshOf(slots)
        let sizes = first
        let before: Known = new Map()
        for (const { moves, slackShare, placed, held, removed, isAsked, second } of heads) {
          for (const [slot, row] of placed) {
            screen.put(slot, marketOf(slot), row)
            slots.set(slot, { row, interval: slots.get(slot)?.interval })
          }
          if (removed !== null) {
            screen.remove(removed)
            slots.delete(removed)
          }
          for (const [slot, { below, above }] of held) {
            const one = slots.get(slot)
            const bounds = screen.boundsOf(slot)
            if (!one || !bounds) continue
            const floor = below > 1 ? -1 : bounds.low * (1 - below)
            one.interval = { floor, ceil: bounds.high * (1 + above) }
            screen.hold(slot, one.interval)
          }
          sizes = sizes.map((factor, index) => moved(factor, moves[index] || 1, slackShare)) as typeof first
          const factors: Known = new Map(
            sizes.map((factor, index) => {
              const move = moves[index]
              if (move === undefined) return [NAMES[index] ?? '', undefined]
              return [NAMES[index] ?? '', move === 0 ? moved(factor, 0, 1) : factor]
            }),
          )
          before = second === 'stays' ? before : factors
          const head = { first: factors, second: before, isMuted: second === 'muted' }
          if (isAsked) setFactors(screen, head)
          expect(sweptOf(screen, head)).toEqual(sweptOf(freshOf(slots), head))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a factor that is not known any more counts, also where another has become known in its place', () => {
  const known = (...names: readonly string[]): Head => {
    const factor: ScreenFactor = { low: 1, high: 1, slack: 0, priceKey: null }
    return { first: new Map(names.map((name) => [name, factor])), second: new Map(), isMuted: false }
  }
  const screen = createScreen()
  const term = (factor: string) => ({ factor, amount: 100n })
  screen.put(0, 'first', { collateral: [term('c')], debt: [term('a'), term('c')] })
  screen.put(2, 'first', { collateral: [term('d')], debt: [term('c')] })
  screen.hold(0, { floor: 0.1, ceil: 2 })
  sweptOf(screen, known('a', 'c'))
  sweptOf(screen, known('a', 'c'))
  expect(sweptOf(screen, known('c', 'd'))).toContain(0)
})
