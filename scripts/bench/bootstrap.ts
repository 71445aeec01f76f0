// From an empty database to every borrower read and stored.
import { spread, timed } from './measure.ts'
import type { Report } from './report.ts'
import { followAll, type World } from './world.ts'

const RUNS = 3

/** The whole book from nothing, a few times, each into a database of its own. */
export const benchBootstrap = async (world: World): Promise<Report> => {
  const { borrowers, proxy } = world
  const times: number[] = []
  const requests: number[] = []
  for (let run = 0; run < RUNS; run++) {
    proxy.reset()
    times.push((await timed(() => followAll(world))).ms)
    requests.push(world.requestCount())
  }
  const seconds = spread(times).median / 1_000
  const firstSeconds = (times[0] ?? 0) / 1_000
  const count = spread(requests).median
  return {
    name: 'bootstrap',
    title: `bootstrap from an empty database, median of ${RUNS}`,
    columns: ['borrowers', 'seconds', 'seconds at first', 'positions/s', 'requests', 'requests/borrower'],
    rows: [
      [String(borrowers), seconds, firstSeconds, Math.round(borrowers / seconds), count, count / borrowers],
    ],
  }
}
