// What stress sums up of every protocol's loans: dollars of legs as prices move, beside what assess says at the moved prices.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DebtLeg } from '../../src/model/assessment.ts'
import { formatMarketId } from '../../src/model/ids.ts'
import type { Mirror } from '../../src/protocols/adapter.ts'
import type { Moves } from '../../src/risk/scenario-moves.ts'
import { prepare, stressStep } from '../../src/risk/stress.ts'
import type { StressBook } from '../../src/risk/stress-book.ts'
import { movedEnv } from '../../src/risk/stress-env.ts'
import { askedOf } from '../support/asked.ts'
import { always, assessIn, type Recorded, recordedSubjects, type Subject } from './recorded.ts'

/** Every quote at a dollar. */
const bookOf = ({ adapter }: Subject, world: Recorded): StressBook => {
  const { market, position } = world
  const { mirror: asked } = askedOf(adapter, world)
  const key = `${market.id.market}:${position.id.account}`
  const mirror: Mirror = { ...asked, positions: new Map([[key, position]]) }
  const env = { ...world.env, quotes: () => ({ price: 1n, scale: 1n, source: 'test' }) }
  return { adapter, mirror, env, feeds: adapter.feeds(mirror) }
}

const dollarsOf = (legs: readonly DebtLeg[], decimals: number): number =>
  legs.reduce((sum, { value }) => sum + Number(value), 0) / 10 ** decimals

/** Rounding of a few units of quote a leg, and of float64. */
const isClose = (one: number, other: number, decimals: number, moves: number): boolean =>
  Math.abs(one - other) <= (10 * Math.max(1, moves)) / 10 ** decimals + Math.abs(other) * 1e-6

for (const subject of await recordedSubjects())
  describe(subject.protocol, () =>
    test('a step finds a loan liquidatable where assess does, holding and owing what it says', () =>
      always(
        subject,
        fc.tuple(fc.array(fc.bigInt(-900_000n, 2_000_000n), { minLength: 3, maxLength: 6 }), fc.boolean()),
        (world, [changes, isAll]) => {
          const book = bookOf(subject, world)
          const assets = [...new Set(book.feeds.map(({ asset }) => asset))]
          const moves: Moves = {
            changes: new Map(
              assets.map((asset, index) => [asset, changes[isAll ? 0 : index % changes.length] as bigint]),
            ),
            ...{ frozen: new Set(), seconds: 0 },
          }
          const env = movedEnv(book, moves)
          const [before, after] = [assessIn(subject, world), assessIn(subject, { ...world, env })]
          const prepared = prepare(book)
          const step = stressStep([prepared], moves, 1)
          expect(step.after.count, world.name).toBe(after.kind === 'assessed' && after.isLiquidatable ? 1 : 0)
          expect(step.unassessable.length).toBe(after.kind === 'unassessable' ? 1 : 0)
          if (before.kind !== 'assessed' || after.kind !== 'assessed' || before.phase === 'no-debt') return
          const { decimals, asset } = after.quote
          const quote = asset === undefined ? 1 : Number(1_000_000n + (moves.changes.get(asset) ?? 0n)) / 1e6
          const { collateral, debt } = prepared.values.at(env).of(0)
          const at = `${formatMarketId(after)} ${world.name}`
          for (const [ours, legs] of [
            [collateral, after.collateral],
            [debt, after.debt],
          ] as const)
            expect([at, ours, isClose(ours, dollarsOf(legs, decimals) * quote, decimals, 100)]).toEqual([
              at,
              ours,
              true,
            ])
        },
      )),
  )
