// A database that holds what a mirror does, as if a chain had been followed.
import type { BlockRef } from '../../src/model/block.ts'
import type { Adapter, Change, Mirror } from '../../src/protocols/adapter.ts'
import { startTracking } from '../../src/store/book.ts'
import { commitCycle } from '../../src/store/commit.ts'
import { openDatabase } from '../../src/store/database.ts'
import { draftOf } from '../../src/store/draft.ts'

/** Writes a mirror into a new database at a head, every borrower found. */
export const storeMirror = (file: string, adapter: Adapter, mirror: Mirror, head: BlockRef): void => {
  const database = openDatabase(file)
  const { number } = head
  const tracked = startTracking(database, adapter, mirror.deployment, {
    ...{ scope: 'borrowers', fromBlock: 0n, nextBlock: number + 1n, targetBlock: number },
  })
  const draft = draftOf(tracked.mirror)
  const changes: Change[] = [
    ...[...mirror.markets].map(([key, market]): Change => ({ kind: 'market', key, next: () => market })),
    ...[...mirror.prices.values()].map((reading): Change => ({ kind: 'price', reading })),
    ...[...mirror.positions].map(
      ([key, position]): Change => ({ kind: 'position', key, next: () => position }),
    ),
  ]
  draft.apply(changes)
  commitCycle(database, {
    ...{ head: { ...head, baseFeeWei: null }, keptUntil: undefined, reorgDepthMax: 64 },
    deployments: [{ tracked, draft, touched: [], settled: new Set(), retries: new Set() }],
    ...{ snapshots: [], liquidations: [], mismatches: [], parameterChanges: [] },
    ...{ alerts: [], cancelledAlerts: [], notifications: [], notices: [], decisions: [] },
  })
  database.$client.close()
}
