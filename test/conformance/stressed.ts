// One recorded loan under stress, held against its own assessment.
import type { Address } from 'viem'
import { expect } from 'vitest'
import type { DebtLeg } from '../../src/model/assessment.ts'
import type { Mirror } from '../../src/protocols/adapter.ts'
import { prepare, stressStep, valuesLater, withRises } from '../../src/risk/stress.ts'
import type { StressBook } from '../../src/risk/stress-book.ts'
import { movedEnv } from '../../src/risk/stress-env.ts'
import { raisedBook } from '../../src/risk/stress-rates.ts'
import { askedOf } from '../support/asked.ts'
import { assessIn, type Recorded, type Subject } from './recorded.ts'

/** Every quote at a dollar. */
export const bookOf = ({ adapter }: Subject, world: Recorded): StressBook => {
  const { market, position } = world
  const { mirror: asked } = askedOf(adapter, world)
  const key = `${market.id.market}:${position.id.account}`
  const mirror: Mirror = { ...asked, positions: new Map([[key, position]]) }
  const env = { ...world.env, quotes: () => ({ price: 1n, scale: 1n, source: 'test' }) }
  return { adapter, mirror, env, feeds: adapter.feeds(mirror) }
}

const sumOf = (legs: readonly DebtLeg[]): number => legs.reduce((sum, { value }) => sum + Number(value), 0)

/** Expects of a loan whose prices change by so many ppm each, in turn, and whose rates by so many, what assess says of it then. */
export const expectStressed = (
  subject: Subject,
  world: Recorded,
  changes: readonly bigint[],
  { seconds, risePpm }: { readonly seconds: number; readonly risePpm: bigint },
): void => {
  const book = bookOf(subject, world)
  const assets = [...new Set(book.feeds.map(({ asset }) => asset))]
  const moves = {
    changes: new Map(assets.map((asset, index) => [asset, changes[index % changes.length] ?? 0n])),
    ...{ frozen: new Set<Address>(), seconds, rises: { everywhere: risePpm, assets: new Map() } },
  }
  const raised = raisedBook(book, moves.rises, seconds)
  const env = movedEnv(raised, moves)
  const market = raised.mirror.markets.get(world.market.id.market) ?? world.market
  const [before, after] = [assessIn(subject, world), assessIn(subject, { ...world, market, env })]
  const prepared = prepare(book)
  const step = stressStep([prepared], moves, 1)
  const isFallen = after.kind === 'assessed' && after.isLiquidatable
  expect([world.name, step.after.count]).toEqual([world.name, isFallen ? 1 : 0])
  expect([world.name, step.unassessable.length]).toEqual([world.name, after.kind === 'unassessable' ? 1 : 0])
  if (before.kind !== 'assessed' || after.kind !== 'assessed' || before.phase === 'no-debt') return
  const { decimals, asset } = after.quote
  const change = asset === undefined ? 0n : (moves.changes.get(asset) ?? 0n)
  const perUnit = Number(1_000_000n + change) / 1e6 / 10 ** decimals
  const { collateral, debt } = valuesLater(withRises(prepared, moves), seconds).at(env).of(0)
  for (const [dollars, legs] of [
    [collateral, after.collateral],
    [debt, after.debt],
  ] as const) {
    const exact = sumOf(legs) * perUnit
    // A leg that was worth nothing is worth nothing.
    const dust = 10 * legs.length * perUnit + exact * 1e-9
    expect(Math.abs(dollars - exact), `${world.name}: ${dollars} beside ${exact}`).toBeLessThanOrEqual(dust)
  }
}
