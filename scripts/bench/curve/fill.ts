// A book of synthetic positions in a database, written by the product's own commits.
import { statSync } from 'node:fs'
import type { Follower } from '../../../src/monitor/cycle.ts'
import { snapshotOf } from '../../../src/monitor/snapshotting.ts'
import { type AavePosition, MARKET } from '../../../src/protocols/aave-v3/state.ts'
import type { Env } from '../../../src/protocols/adapter.ts'
import { commitCycle } from '../../../src/store/commit.ts'
import { draftOf } from '../../../src/store/draft.ts'
import { closeFollower, followOn } from '../../../test/support/follower.ts'
import { timed } from '../measure.ts'
import { createSyntheticChain } from '../synthetic/chain.ts'
import { envOf, type Pool } from '../synthetic/pool.ts'
import { drawPositions } from '../synthetic/positions.ts'
import { syncToHead } from '../world.ts'
import type { Filled } from './job.ts'

const BATCH = 20_000

const keyOf = ({ id }: AavePosition): string => `${MARKET}:${id.account}`

/** One commit of positions at a new head, each with its first snapshot. */
const commitBatch = async (
  { chain, database, book, limits }: Follower,
  pool: Pool,
  env: Env,
  positions: readonly AavePosition[],
): Promise<void> => {
  const [tracked] = book.tracked
  if (!tracked) throw new Error('nothing is followed')
  const head = await chain.head()
  const draft = draftOf(tracked.mirror)
  draft.apply(
    positions.map((position) => ({ kind: 'position', key: keyOf(position), next: () => position }) as const),
  )
  const at = { ...env, block: head, timestamp: head.timestamp }
  commitCycle(database, {
    head,
    keptUntil: undefined,
    deployments: [{ tracked, draft, touched: [], settled: new Set(), retries: tracked.retries }],
    snapshots: positions.map((position) =>
      snapshotOf(pool.adapter.assess(pool.market, position, at), 'opened'),
    ),
    ...{ liquidations: [], parameterChanges: [], mismatches: [] },
    ...{ alerts: [], cancelledAlerts: [], notifications: [], notices: [], decisions: [] },
    reorgDepthMax: limits.reorgDepthMax,
  })
  book.cursor = head
}

/** Fills an empty database with so many positions. */
export const fillBook = async (pool: Pool, file: string, count: number): Promise<Filled> => {
  const chain = createSyntheticChain(pool, 0n)
  const follower = await followOn(chain, file, [pool])
  await syncToHead(follower)
  const env = envOf(pool, 0)
  const source = drawPositions(pool)
  const { ms } = await timed(async () => {
    for (let done = 0; done < count; done += BATCH) {
      chain.mine({ priceBps: 10_000n, touched: [] })
      const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => source.next().value)
      await commitBatch(follower, pool, env, batch)
    }
  })
  closeFollower(follower)
  return { fillMs: ms, fileBytes: statSync(file).size }
}
