// A chain that cannot be read, or not written down: what is watched becomes unknown, and says so.
import type { Address } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { UnassessableReason } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { unassessable } from '../protocols/assessing.ts'
import type { Book } from '../store/book.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { Judge, SelfCheck } from './judge.ts'

export type Outage = {
  /** The watcher's own signal that is met; of those of a chain, the other is over. */
  readonly signal: Extract<SelfCheck['name'], 'EndpointDown' | 'HeadStale' | 'DatabaseFull'>
  readonly reason: Extract<UnassessableReason, 'stale-head' | 'endpoint-down' | 'read-failed'>
  readonly detail: string
  /** Wall-clock seconds: they take the place of chain time, which stands still. */
  readonly timestamp: number
}

/** What can be wrong with a chain: one of them at a time. */
const CHAIN_SIGNALS = ['EndpointDown', 'HeadStale'] as const

/**
 * Steps alerts while the chain cannot be read: watched positions are unassessable at the last known block, and the
 * watcher's own signal is met. Answers how many notifications that made. Throws
 * `DatabaseFullError`; then nothing has changed.
 */
export const judgeOutage = (
  database: Database,
  book: Book,
  watched: readonly Address[],
  judge: Judge,
  { signal, reason, detail, timestamp }: Outage,
): number => {
  const unread: BlockRef = { chainId: book.chainId, number: 0n, hash: '0x', timestamp }
  const last = book.cursor ?? unread
  const block: BlockRef = { ...last, timestamp: Math.max(timestamp, last.timestamp) }
  const positions = book.tracked
    .flatMap(({ mirror }) => [...mirror.positions.values()])
    .filter(({ owner }) => watched.includes(owner))
  const judgement = judge.judge({
    block,
    assessments: positions.map((position) => unassessable(subjectOf(position, block), { reason, detail })),
    closed: [],
    selfChecks: (signal === 'DatabaseFull' ? [signal] : CHAIN_SIGNALS).map((name) => ({
      name,
      isMet: name === signal,
      detail,
    })),
  })
  commitAlerts(database, book.chainId, {
    alerts: judgement.alerts,
    cancelledAlerts: judgement.cancelled,
    notifications: judgement.notifications,
  })
  judgement.accept()
  return judgement.notifications.length
}
