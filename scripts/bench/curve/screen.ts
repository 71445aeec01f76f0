// The screen alone: prices move, and every position's bounds are held against where it may rest.
import { calmInterval, stretchOf, TOLERANCE_PARTS } from '../../../src/monitor/bands.ts'
import type { AavePosition } from '../../../src/protocols/aave-v3/state.ts'
import type { Env } from '../../../src/protocols/adapter.ts'
import { type Interval, intersection } from '../../../src/risk/interval.ts'
import { createScreen, type Screen } from '../../../src/risk/screen.ts'
import { healthPpm } from '../../../src/units/format.ts'
import { spread, timed } from '../measure.ts'
import { envOf, type Pool } from '../synthetic/pool.ts'
import { drawPositions } from '../synthetic/positions.ts'
import type { Screened, Sweep } from './job.ts'

const ROUNDS = 25
const WARM_UP_ROUNDS = 5
const BPS = 10_000n
const MOVES_BPS = [9_800n, 10_000n, 10_200n]

/** Where a position that nobody watches may rest without an alert beginning. */
const QUIET: readonly Interval[] = [
  { floor: -1, ceil: 1 },
  { floor: 1, ceil: Number.POSITIVE_INFINITY },
]

/** How many basis points each price of the pool is at, by its number and the round. */
type Move = (round: number, number: number) => bigint

const moveAt = (index: number): bigint => MOVES_BPS[index % MOVES_BPS.length] ?? BPS

const movedEnv = (pool: Pool, move: Move, round: number): Env => {
  const env = envOf(pool, 0)
  const numbers = new Map([...pool.prices.keys()].map((key, index) => [key, index]))
  return {
    ...env,
    prices: (key) => {
      const reading = env.prices(key)
      if (reading?.kind !== 'price') return reading
      return { ...reading, price: (reading.price * move(round, numbers.get(key) ?? 0)) / BPS }
    },
  }
}

const place = (
  screen: Screen,
  { adapter, market }: Pool,
  env: Env,
  slot: number,
  position: AavePosition,
): void => {
  screen.put(slot, market.id.market, adapter.screen.row(market, position))
  const assessment = adapter.assess(market, position, env)
  if (assessment.kind !== 'assessed') throw new Error(`${assessment.id} was not assessed`)
  const ppm = healthPpm(assessment.healthFactor)
  screen.hold(slot, intersection(calmInterval(ppm, TOLERANCE_PARTS.others), stretchOf(ppm, QUIET)))
}

/** How many positions a head leaves to be looked at. */
const sweepAt = (screen: Screen, { adapter, market }: Pool, env: Env): number => {
  screen.setFactors(
    (_market, name) => adapter.screen.factor(market, name, env),
    () => false,
  )
  let visited = 0
  screen.sweep(() => {
    visited += 1
  })
  return visited
}

/** Factors at a new head and one sweep over all positions, again and again. */
const sweeps = async (screen: Screen, pool: Pool, move: Move): Promise<Sweep> => {
  const costs: Awaited<ReturnType<typeof timed<number>>>[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const env = movedEnv(pool, move, round)
    const one = await timed(() => sweepAt(screen, pool, env))
    if (round >= WARM_UP_ROUNDS) costs.push(one)
  }
  return {
    ms: spread(costs.map(({ ms }) => ms)).median,
    processorMs: spread(costs.map(({ processorMs }) => processorMs)).median,
    visited: spread(costs.map(({ value }) => value)).median,
  }
}

/** Sweeps with all prices up or down by 2 % in turn, and with each of them in its own way. */
export const measureScreen = async (pool: Pool, positions: number): Promise<Screened> => {
  const screen = createScreen()
  const source = drawPositions(pool)
  const start = envOf(pool, 0)
  for (let slot = 0; slot < positions; slot++) place(screen, pool, start, slot, source.next().value)
  return {
    together: await sweeps(screen, pool, (round) => moveAt(round)),
    apart: await sweeps(screen, pool, (round, number) => moveAt(round + number)),
  }
}
