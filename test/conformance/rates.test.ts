// What every adapter promises of rates of interest that a scenario raises.
import fc from 'fast-check'
import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Health } from '../../src/model/assessment.ts'
import type { MorphoMarket } from '../../src/protocols/morpho-blue/state.ts'
import { registry } from '../../src/protocols/registry.ts'
import { raisedBook } from '../../src/risk/stress-rates.ts'
import { PPM } from '../../src/units/brands.ts'
import { sized } from '../support/size.ts'
import { always, assessIn, type Recorded, recordedSubjects, type Subject } from './recorded.ts'
import { bookOf } from './stressed.ts'

const YEAR_SECONDS = 31_536_000

/** No market of theirs sets a rate: one knows no interest, in the other every borrower sets his own. */
const WITHOUT = ['liquity-v1', 'liquity-v2']

/** Debts that grow by more, or less, than the rate: a premium on top of it (up to 1,000 %), past interest that bears none. */
const UNEVEN: Readonly<Record<string, { readonly least: number; readonly most: number }>> = {
  'aave-v4': { least: 0.5, most: 11 },
  'venus-core': { least: 0, most: 1 },
}

const subjects = (await recordedSubjects()).filter(({ adapter }) => adapter.withRates)
const RUNS = sized(40, 600)

test('only protocols without a market rate have none to raise', () =>
  expect(registry.filter(({ withRates }) => !withRates).map(({ protocol }) => protocol)).toEqual(WITHOUT))

/** The loan under rates that are by so many ppm higher, so many seconds later. */
const raised = (subject: Subject, world: Recorded, risePpm: bigint, seconds: number): Health | undefined => {
  const book = raisedBook(bookOf(subject, world), { everywhere: risePpm, assets: new Map() }, seconds)
  const market = book.mirror.markets.get(world.market.id.market) ?? world.market
  const env = { ...book.env, timestamp: book.env.timestamp + seconds }
  const health = assessIn(subject, { ...world, market, env })
  return health.kind === 'assessed' ? health : undefined
}

/** A market without a rate model: its debts never grow, whatever a scenario wants. */
const bearsNone = ({ market }: Recorded): boolean => {
  const { reading } = market as Partial<MorphoMarket>
  return reading?.rate.kind === 'none'
}

const owedOf = ({ debt }: Health, at: number): bigint => debt[at]?.amount ?? 0n

/** Assets whose rates the markets of a loan move. */
const movedBy = (subject: Subject, world: Recorded): ReadonlySet<Address> => {
  const asked = new Set<Address>()
  const { mirror, env } = bookOf(subject, world)
  for (const market of mirror.markets.values())
    subject.adapter.withRates?.(
      market,
      (asset) => {
        asked.add(asset)
        return 0n
      },
      env,
    )
  return asked
}

for (const subject of subjects)
  describe(subject.protocol, () => {
    test('a rise of 0 leaves every market the same', () =>
      always(subject, fc.constant(undefined), (world) => {
        const { mirror, env } = bookOf(subject, world)
        for (const market of mirror.markets.values())
          expect(
            subject.adapter.withRates?.(market, () => 0n, env),
            world.name,
          ).toBe(market)
      }))

    test('now, a loan owes and holds what it did; no debt is forgotten', () =>
      always(
        subject,
        fc.bigInt({ min: -PPM, max: PPM }),
        (world, risePpm) => {
          const before = assessIn(subject, world)
          if (before.kind !== 'assessed') return
          const now = raised(subject, world, risePpm, 0)
          // What a Vat counts as owed waits for a drip, which comes first there.
          if (subject.protocol !== 'maker')
            expect(now && [now.debt, now.collateral, now.healthFactor], world.name).toEqual([
              before.debt,
              before.collateral,
              before.healthFactor,
            ])
          const moved = movedBy(subject, world)
          for (const { asset, amount } of before.debt)
            if (amount > 0n && !bearsNone(world)) expect(moved.has(asset), world.name).toBe(true)
        },
        RUNS,
      ))

    test('a year later a debt is higher by the points: by p of it now at least, by e^p − 1 of it then at most', () =>
      always(
        subject,
        fc.bigInt({ min: 2n, max: PPM / 2n }),
        (world, risePpm) => {
          // The least rise: accrued now as the other is, and at the rates of now.
          const [now, then, more] = [
            raised(subject, world, 1n, 0),
            raised(subject, world, 1n, YEAR_SECONDS),
            raised(subject, world, risePpm, YEAR_SECONDS),
          ]
          if (!now || !then || !more) return
          const { least, most } = UNEVEN[subject.protocol] ?? { least: 1, most: 1 }
          const points = bearsNone(world) ? 0 : Number(risePpm - 1n) / 1e6
          for (const at of now.debt.keys()) {
            const growth = Number(owedOf(more, at) - owedOf(then, at))
            const [owedNow, owedThen] = [Number(owedOf(now, at)), Number(owedOf(then, at))]
            // Slots that no year is a whole number of, a slot's part of the points, and units that are cut.
            // A vault whose rate is the highest that it takes, some 921 % a year, is at it with a rise too.
            const isHighest = subject.protocol === 'euler-v2' && owedThen > owedNow * 5_000
            const rounding = 3 + owedThen * 1e-6
            const said = `${world.name}: ${owedNow}, ${owedThen}, ${growth} more for ${risePpm} ppm`
            expect(growth, said).toBeGreaterThanOrEqual((isHighest ? 0 : points * owedNow * least) - rounding)
            expect(growth, said).toBeLessThanOrEqual(Math.expm1(points) * owedThen * most + rounding)
          }
        },
        RUNS,
      ))

    test('a fall never brings a rate below 0: what is owed does not shrink', () =>
      always(
        subject,
        fc.bigInt({ min: -PPM, max: -1n }),
        (world, risePpm) => {
          const now = raised(subject, world, 0n, 0)
          const less = raised(subject, world, risePpm, YEAR_SECONDS)
          if (!now || !less) return
          for (const at of now.debt.keys())
            expect(owedOf(less, at) >= owedOf(now, at) - 1n, `${world.name} ${risePpm}`).toBe(true)
        },
        RUNS,
      ))
  })
