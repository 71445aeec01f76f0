// A chain that cannot be read: what is watched becomes unknown, and says so.
import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { UnassessableReason } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { unassessable } from '../protocols/assessing.ts'
import type { Book } from '../store/book.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { Judge } from './judge.ts'

export type Outage = {
  readonly reason: Extract<UnassessableReason, 'stale-head' | 'endpoint-down' | 'read-failed'>
  readonly detail: string
  /** Wall-clock seconds: they take the place of chain time, which stands still. */
  readonly timestamp: number
}

/**
 * Steps alerts while the chain cannot be read: watched positions are unassessable at the last known block, and the
 * watcher's own signal is met. Answers how many notifications that made.
 */
export const judgeOutage = (
  database: Database,
  book: Book,
  watched: readonly Address[],
  judge: Judge,
  { reason, detail, timestamp }: Outage,
): number => {
  const unread: BlockRef = { chainId: book.chainId, number: 0n, hash: '0x', timestamp }
  const last = book.cursor ?? unread
  const block: BlockRef = { ...last, timestamp: Math.max(timestamp, last.timestamp) }
  const positions = book.tracked
    .flatMap(({ mirror }) => [...mirror.positions.values()])
    .filter(({ owner }) => watched.includes(owner))
  const isStale = reason === 'stale-head'
  const judgement = judge.judge({
    block,
    assessments: positions.map((position) => unassessable(subjectOf(position, block), { reason, detail })),
    closed: [],
    selfChecks: [
      { name: 'EndpointDown', isMet: !isStale, detail },
      { name: 'HeadStale', isMet: isStale, detail },
    ],
  })
  commitAlerts(database, book.chainId, {
    alerts: judgement.alerts,
    cancelledAlerts: judgement.cancelled,
    notifications: judgement.notifications,
  })
  judgement.accept()
  return judgement.notifications.length
}
