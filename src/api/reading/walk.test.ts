import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { ProblemError } from '../problem.ts'
import { type Assessed, assessEntry, type HealthIndex, type Part } from './health-index.ts'
import { comparePlaces, type Place, placeOf } from './order.ts'
import { walk } from './walk.ts'

/** A loan of the test: its health in hundredths (null: unassessable; 'none': no debt), and how well the screen knows it. */
type Drawn = {
  readonly health: number | null | 'none'
  readonly error: number
  readonly isExact: boolean
  readonly market: number
}

const wadOf = (hundredths: number): bigint => (BigInt(hundredths) * WAD) / 100n

const healthOf = ({ health }: Drawn): bigint =>
  health === 'none' ? UINT256_MAX : health === null ? -1n : wadOf(health)

const boundsOf = ({ health, error, isExact }: Drawn): readonly [number, number] => {
  if (isExact || health === null) return [-1, Number.POSITIVE_INFINITY]
  if (health === 'none') return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const value = health / 100
  return [Math.max(0, value * (1 - error) - 1e-12), value * (1 + error) + 1e-12]
}

const partOf = (id: number, loans: readonly Drawn[]): Part => {
  const assess = (_market: unknown, loan: Drawn) =>
    loan.health === null
      ? { kind: 'unassessable' }
      : { kind: 'assessed', healthFactor: healthOf(loan), market: loan.market }
  const mirror = {
    markets: new Map([['m', {}]]),
    positions: { at: (slot: number) => ({ ...loans[slot], id: { market: 'm' } }) },
  }
  return {
    tracked: { id, adapter: { assess }, mirror },
    env: {},
    count: loans.length,
    slots: Uint32Array.from(loans.keys()),
    lows: Float64Array.from(loans.map((loan) => boundsOf(loan)[0])),
    highs: Float64Array.from(loans.map((loan) => boundsOf(loan)[1])),
    markets: Uint32Array.from(loans.map(({ market }) => market)),
    marketNames: ['a', 'b'],
  } as unknown as Part
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  health: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.constantFrom(null, 'none' as const) },
  ),
  error: fc.constantFrom(0, 1e-4, 0.05),
  isExact: fc.boolean(),
  market: fc.constantFrom(0, 1),
})

const pause = async (): Promise<void> => undefined

const inOrder = (indexes: readonly HealthIndex[]): readonly Assessed[] =>
  indexes
    .flatMap(({ parts }) =>
      parts.flatMap((part) => [...part.slots.keys()].flatMap((at) => assessEntry({ part, at }) ?? [])),
    )
    .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))

test('pages come to all that is wanted, in exact order, however little each may assess', async () => {
  const range = fc.option(fc.integer({ min: 0, max: 300 }).map(wadOf), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { maxLength: 400 }),
      fc.array(drawn, { maxLength: 50 }),
      fc.record({ limit: fc.integer({ min: 1, max: 80 }), market: fc.constantFrom(0, 1, undefined) }),
      fc.tuple(range, range),
      async (first, second, { limit, market }, [minHealth, maxHealth]) => {
        const indexes = [[partOf(1, first)], [partOf(2, second)]].map(
          (parts) => ({ block: {}, parts }) as unknown as HealthIndex,
        )
        const wanted = inOrder(indexes).filter((one) => {
          const { health } = placeOf(one)
          const isInRange =
            health < 0n || (health >= (minHealth ?? 0n) && (maxHealth === undefined || health <= maxHealth))
          return isInRange && (market === undefined || one.part.markets[one.at] === market)
        })
        const found: Place[] = []
        let [after, isLast]: [Place | undefined, boolean] = [undefined, false]
        while (!isLast) {
          const page = await walk(
            indexes,
            {
              isWanted: ({ part, at }) => market === undefined || part.markets[at] === market,
              keep: () => true,
              ...{ minHealth, maxHealth, after, limit, assessmentsMax: 600 },
            },
            pause,
          )
          expect(page.found.length).toBeLessThanOrEqual(limit)
          found.push(...page.found.map(placeOf))
          ;({ end: after, isLast } = page)
        }
        expect(found).toEqual(wanted.map(placeOf))
      },
    ),
    { numRuns: 60 },
  )
})

test('a book that the screen knows nothing of is too much work, and says so', async () => {
  const loans = Array.from(
    { length: 600 },
    (): Drawn => ({ health: 150, error: 0, isExact: true, market: 0 }),
  )
  const indexes = [{ block: {}, parts: [partOf(1, loans)] } as unknown as HealthIndex]
  const all = {
    isWanted: () => true,
    keep: () => true,
    minHealth: undefined,
    maxHealth: undefined,
    after: undefined,
  }
  const walking = walk(indexes, { ...all, limit: 10, assessmentsMax: 200 }, pause)
  await expect(walking).rejects.toThrow(ProblemError)
  const { found, isLast } = await walk(indexes, { ...all, limit: 10, assessmentsMax: 1_000 }, pause)
  expect([found.length, isLast]).toEqual([10, false])
})
