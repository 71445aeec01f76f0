// What every adapter promises of screening: its bounds contain what assess says, whatever prices and times are.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PriceReading } from '../../src/model/price.ts'
import { withPrice } from '../support/prices.ts'
import { type Bounds, boundsOfRow, expectWithin } from '../support/screen-bounds.ts'
import { always, assessIn, type Recorded, recordedSubjects, type Subject } from './recorded.ts'
import { expectStressed } from './stressed.ts'

const subjects = await recordedSubjects()

/** Bounds of the health of a world, as numbers, and narrow ones; none where it is to be assessed exactly. */
const boundsOf = ({ adapter }: Subject, { market, position, env }: Recorded): readonly Bounds[] => {
  const row = adapter.screen.row(market, position)
  const factorOf = (name: string) => adapter.screen.factor(market, name, env)
  return [false, true].flatMap((isNarrow) => boundsOfRow(row, factorOf, isNarrow) ?? [])
}

const later = (world: Recorded, seconds: number): Recorded => {
  const timestamp = world.env.timestamp + seconds
  return { ...world, env: { ...world.env, timestamp, block: { ...world.env.block, timestamp } } }
}

for (const subject of subjects)
  describe(subject.protocol, () => {
    test('the bounds contain the health factor, and outside of them 1 is where loans become liquidatable', () =>
      always(subject, fc.constant(undefined), (world) => {
        for (const bounds of boundsOf(subject, world))
          expectWithin(bounds, assessIn(subject, world), world.name)
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
            expect(boundsOf(subject, moved), world.name).toEqual([])
            return
          }
          for (const leg of [...before.collateral, ...before.debt]) {
            const reading = moved.env.prices(leg.priceKey)
            if (reading?.kind !== 'price') continue
            const next = isShare ? (reading.price * ppm) / 1_000_000n : at
            const world2 = { ...moved, env: withPrice(moved.env, leg.priceKey, next) }
            for (const bounds of boundsOf(subject, world2))
              expectWithin(bounds, assessIn(subject, world2), `${world.name} ${leg.symbol}`)
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
          for (const bounds of boundsOf(subject, world2))
            expectWithin(bounds, assessIn(subject, world2), world.name)
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

    test('so a stress finds a loan liquidatable where assess does, holding and owing what that says', () => {
      const change = fc.bigInt(-900_000n, 2_000_000n)
      return always(subject, fc.array(change, { minLength: 1, maxLength: 6 }), (world, changes) =>
        expectStressed(subject, world, changes, { seconds: 0, risePpm: 0n }),
      )
    })

    test('so it does after a time at other rates of interest', () => {
      const drawn = fc.tuple(
        fc.bigInt(-500_000n, 200_000n),
        fc.nat(30_000_000),
        fc.bigInt(-500_000n, 1_000_000n),
      )
      return always(subject, drawn, (world, [change, seconds, risePpm]) =>
        expectStressed(subject, world, [change], { seconds, risePpm }),
      )
    })

    test('most recorded loans can be screened, where any can', () => {
      const rows = subject.worlds.map(({ market, position }) => subject.adapter.screen.row(market, position))
      const screened = rows.filter((row) => row !== 'always-exact').length
      console.info(`${subject.protocol}: ${screened} of ${rows.length} recorded loans are screened`)
      expect(screened === 0 || screened > rows.length / 4, `${screened} of ${rows.length}`).toBe(true)
    })
  })
