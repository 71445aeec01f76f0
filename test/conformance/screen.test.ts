// What every adapter promises of screening: its bounds contain what assess says, whatever prices and times are.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import type { PriceReading } from '../../src/model/price.ts'
import type { ScreenFactor, ScreenTerm } from '../../src/protocols/screening.ts'
import { withPrice } from '../../src/risk/liquidation-price.ts'
import { UINT256_MAX, WAD } from '../../src/units/brands.ts'
import { always, assessIn, type Recorded, recordedSubjects, type Subject } from './recorded.ts'

const subjects = await recordedSubjects()

/** Relative error that the float64 sums themselves may have. */
const SUM_ERROR = 2 ** -45

/** Contracts round health to a whole wad, which shows in the smallest. */
const HEALTH_ROUNDING = 1e-18

type Side = { readonly low: number; readonly high: number }

const sideOf = (
  terms: readonly ScreenTerm[],
  factorOf: (name: string) => ScreenFactor | undefined,
): Side | undefined => {
  let [low, high] = [0, 0]
  for (const { factor, amount } of terms) {
    const known = factorOf(factor)
    if (!known) return undefined
    const ends = [Number(amount) * known.low, Number(amount) * known.high]
    const error =
      known.slack + Math.abs(Number(amount)) * Math.max(Math.abs(known.low), Math.abs(known.high)) * SUM_ERROR
    low += Math.min(...ends) - error
    high += Math.max(...ends) + error
  }
  return { low, high }
}

/** Bounds of the health of a world, as a number; undefined where it is to be assessed exactly. */
const boundsOf = ({ adapter }: Subject, { market, position, env }: Recorded): Side | undefined => {
  const row = adapter.screen.row(market, position)
  if (row === 'always-exact') return undefined
  const factorOf = (name: string) => adapter.screen.factor(market, name, env)
  const collateral = sideOf(row.collateral, factorOf)
  const debt = sideOf(row.debt, factorOf)
  if (!collateral || !debt) return undefined
  if (row.debt.length === 0) return { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return {
    low: debt.high > 0 ? Math.max(collateral.low, 0) / debt.high : 0,
    high: debt.low > 0 ? collateral.high / debt.low : Number.POSITIVE_INFINITY,
  }
}

const healthNumber = (healthFactor: bigint): number =>
  healthFactor === UINT256_MAX ? Number.POSITIVE_INFINITY : Number(healthFactor) / Number(WAD)

const expectWithin = (bounds: Side, assessment: Assessment, name: string): void => {
  expect(assessment.kind, name).toBe('assessed')
  if (assessment.kind !== 'assessed') return
  const health = healthNumber(assessment.healthFactor)
  const isWithin =
    bounds.low * (1 - SUM_ERROR) - HEALTH_ROUNDING <= health &&
    health <= bounds.high * (1 + SUM_ERROR) + HEALTH_ROUNDING
  expect(isWithin, `${name}: ${health} in ${bounds.low} … ${bounds.high}`).toBe(true)
  if (bounds.low >= 1) expect(assessment.isLiquidatable, name).toBe(false)
  if (bounds.high < 1) expect(assessment.isLiquidatable, name).toBe(true)
}

const later = (world: Recorded, seconds: number): Recorded => {
  const timestamp = world.env.timestamp + seconds
  return { ...world, env: { ...world.env, timestamp, block: { ...world.env.block, timestamp } } }
}

for (const subject of subjects)
  describe(subject.protocol, () => {
    test('the bounds contain the health factor, and outside of them 1 is where loans become liquidatable', () =>
      always(subject, fc.constant(undefined), (world) => {
        const bounds = boundsOf(subject, world)
        if (bounds) expectWithin(bounds, assessIn(subject, world), world.name)
      }))

    test('so they do when a price moves, however far, and when time passes', () => {
      const price = fc.oneof(
        fc.bigInt({ min: 1n, max: 2n ** 64n }),
        fc.bigInt({ min: 1n, max: 2n ** 128n }),
        fc.constantFrom(0n, 1n, 2n),
      )
      const share = fc.bigInt({ min: 1n, max: 3_000_000n })
      return always(
        subject,
        fc.tuple(price, share, fc.nat(100_000_000), fc.boolean()),
        (world, [at, ppm, seconds, isShare]) => {
          const moved = later(world, seconds)
          const before = assessIn(subject, moved)
          if (before.kind === 'unassessable') {
            expect(boundsOf(subject, moved), world.name).toBeUndefined()
            return
          }
          for (const leg of [...before.collateral, ...before.debt]) {
            const reading = moved.env.prices(leg.priceKey)
            if (reading?.kind !== 'price') continue
            const next = isShare ? (reading.price * ppm) / 1_000_000n : at
            const world2 = { ...moved, env: withPrice(moved.env, leg.priceKey, next) }
            const bounds = boundsOf(subject, world2)
            if (bounds) expectWithin(bounds, assessIn(subject, world2), `${world.name} ${leg.symbol}`)
          }
        },
      )
    })

    test('so they do when all prices move at once, those that no leg names among them', () =>
      always(
        subject,
        fc.tuple(
          fc.array(fc.bigInt({ min: 1n, max: 2_000_000n }), { minLength: 3, maxLength: 8 }),
          fc.nat(10_000_000),
        ),
        (world, [shares, seconds]) => {
          const moved = later(world, seconds)
          const shareOf = (key: string): bigint =>
            shares[[...key].reduce((sum, one) => sum + one.charCodeAt(0), 0) % shares.length] ?? 0n
          const prices = (key: string): PriceReading | undefined => {
            const reading = moved.env.prices(key)
            if (reading?.kind !== 'price') return reading
            return {
              ...reading,
              price: (reading.price * shareOf(key)) / 1_000_000n,
              updatedAt: moved.env.timestamp,
            }
          }
          const world2 = { ...moved, env: { ...moved.env, prices } }
          const bounds = boundsOf(subject, world2)
          if (bounds) expectWithin(bounds, assessIn(subject, world2), world.name)
        },
      ))

    test('a factor is proportional to the price that it names, and to no other', () =>
      always(subject, fc.constant(undefined), (world) => {
        const { market, position, env } = world
        const row = subject.adapter.screen.row(market, position)
        if (row === 'always-exact') return
        for (const { factor } of [...row.collateral, ...row.debt]) {
          const known = subject.adapter.screen.factor(market, factor, env)
          // Nothing is proportional to any price.
          if (known?.high === 0) continue
          const reading = known?.priceKey ? env.prices(known.priceKey) : undefined
          if (!known?.priceKey || reading?.kind !== 'price' || reading.price < 1_000n) continue
          const doubled = subject.adapter.screen.factor(
            market,
            factor,
            withPrice(env, known.priceKey, reading.price * 2n),
          )
          // What is beyond all measure is not known any more.
          if (!doubled) continue
          expect(doubled.high / known.high, `${world.name} ${factor}`).toBeCloseTo(2, 6)
        }
      }))

    test('most recorded loans can be screened, where any can', () => {
      const rows = subject.worlds.map(({ market, position }) => subject.adapter.screen.row(market, position))
      const screened = rows.filter((row) => row !== 'always-exact').length
      console.info(`${subject.protocol}: ${screened} of ${rows.length} recorded loans are screened`)
      expect(screened === 0 || screened > rows.length / 4, `${screened} of ${rows.length}`).toBe(true)
    })
  })
