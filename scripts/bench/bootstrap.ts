import { syncTo } from '../../src/monitor/follow.ts'
import { type Row, startWorld, timed } from './world.ts'

const BORROWERS = 2_000

/** From an empty database to every borrower read and stored. */
export const benchBootstrap = async (): Promise<readonly Row[]> => {
  const world = await startWorld(BORROWERS)
  try {
    world.proxy.reset()
    const ms = await timed(async () => {
      const follower = await world.follow()
      await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
      const count = follower.book.tracked[0]?.mirror.positions.size
      if (count !== BORROWERS) throw new Error(`found ${count} of ${BORROWERS} borrowers`)
    })
    return [
      [
        `bootstrap of ${BORROWERS} borrowers`,
        `${(ms / 1_000).toFixed(1)} s, ${Math.round(BORROWERS / (ms / 1_000))} positions/s`,
      ],
      [
        'requests of that bootstrap',
        `${world.requestCount()} (${(BORROWERS / world.requestCount()).toFixed(0)} positions each)`,
      ],
    ]
  } finally {
    await world.stop()
  }
}
