// A chain that cannot be read: what is watched becomes unknown, and says so.
import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { UnassessableReason } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { unassessable } from '../protocols/assessing.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Follower } from './cycle.ts'

export type Outage = {
  readonly reason: Extract<UnassessableReason, 'stale-head' | 'endpoint-down' | 'read-failed'>
  readonly detail: string
}

/**
 * Steps alerts while the chain cannot be read: watched positions are unassessable at the last known block, and the
 * watcher's own signal is met. `timestamp` (s) takes the place of chain time, which stands still. Answers how many
 * notifications that made.
 */
export const judgeOutage = (
  follower: Follower,
  watched: readonly Address[],
  outage: Outage,
  timestamp: number,
): number => {
  const { book, judge, database } = follower
  const unread: BlockRef = { chainId: book.chainId, number: 0n, hash: '0x', timestamp }
  const block: BlockRef = {
    ...(book.cursor ?? unread),
    timestamp: Math.max(timestamp, book.cursor?.timestamp ?? 0),
  }
  const positions = book.tracked
    .flatMap(({ mirror }) => [...mirror.positions.values()])
    .filter(({ owner }) => watched.includes(owner))
  const isStale = outage.reason === 'stale-head'
  const judgement = judge({
    block,
    assessments: positions.map((position) => unassessable(subjectOf(position, block), outage)),
    closed: [],
    selfChecks: [
      { name: 'EndpointDown', isMet: !isStale, detail: outage.detail },
      { name: 'HeadStale', isMet: isStale, detail: outage.detail },
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
