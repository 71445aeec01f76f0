// Two ways of saying the same of the same positions, turn by turn in one process.
import { setImmediate } from 'node:timers/promises'
import { spread, timed } from '../measure.ts'

export type Runner = { readonly name: string; run(): unknown }

const WARM_UP_ROUNDS = 3
const ROUNDS = 15

/** Microseconds a position of each runner, the median over rounds in which all of them take turns. */
export const race = async (
  runners: readonly Runner[],
  positions: number,
): Promise<ReadonlyMap<string, number>> => {
  const times = new Map(runners.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++)
    for (const { name, run } of runners) {
      const { ms } = await timed(run)
      if (round >= WARM_UP_ROUNDS) times.get(name)?.push((ms * 1_000) / positions)
      await setImmediate()
    }
  return new Map([...times].map(([name, list]) => [name, spread(list).median]))
}
