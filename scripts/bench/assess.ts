// How fast exact assessment is, without any I/O.
import { setImmediate } from 'node:timers/promises'
import { assessAll } from '../../src/monitor/assessing.ts'
import { spread } from './measure.ts'
import type { Report } from './report.ts'
import { followAll, type World } from './world.ts'

const WARM_UP_ROUNDS = 20
const ROUNDS = 100

/** Every mirrored position assessed, again and again, warm. */
export const benchAssess = async (world: World): Promise<Report> => {
  const { book } = await followAll(world)
  const [tracked] = book.tracked
  const { cursor } = book
  if (!tracked || !cursor) throw new Error('nothing is followed')
  const round = (): number => {
    const started = performance.now()
    const assessments = assessAll([tracked], cursor)
    const ms = performance.now() - started
    if (assessments.some(({ kind }) => kind !== 'assessed')) throw new Error('a position was not assessed')
    return (ms * 1_000) / assessments.length
  }
  const rounds: number[] = []
  for (let count = 0; count < WARM_UP_ROUNDS + ROUNDS; count++) {
    rounds.push(round())
    await setImmediate()
  }
  const { median, p95 } = spread(rounds.slice(WARM_UP_ROUNDS))
  return {
    name: 'assess',
    title: `exact assessment of ${world.borrowers} mirrored positions, ${ROUNDS} rounds, warm`,
    columns: ['positions', 'positions/s', 'µs each', 'µs each p95'],
    rows: [[String(world.borrowers), Math.round(1_000_000 / median), median, p95]],
  }
}
