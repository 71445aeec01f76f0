// A chain that cannot be read, or not written down: what is watched becomes unknown, and says so.
import type { Address } from 'viem'
import { type BlockRef, unreadBlock } from '../model/block.ts'
import type { Position, UnassessableReason } from '../model/market.ts'
import { subjectOf } from '../model/subject.ts'
import { unassessable } from '../protocols/assessing.ts'
import type { Book, Tracked } from '../store/book.ts'
import { commitAlerts } from '../store/commit.ts'
import type { Database } from '../store/database.ts'
import type { Attention } from './attention.ts'
import { alertsOf, type Judge, type SelfCheck } from './judge.ts'

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

/** A book as it was last known; followed, it has the attention of its deployments. */
export type KnownBook = { readonly book: Book; readonly attentions?: ReadonlyMap<Tracked, Attention> }

/** Positions of watched accounts in books that nobody follows, which therefore do not change. */
const unfollowed = new WeakMap<Tracked, readonly Position[]>()

const watchedIn = (
  tracked: Tracked,
  attention: Attention | undefined,
  watched: readonly Address[],
): readonly Position[] => {
  const { positions } = tracked.mirror
  if (attention) return [...attention.watchedKeys()].flatMap((key) => positions.get(key) ?? [])
  const known = unfollowed.get(tracked)
  if (known) return known
  const found: Position[] = []
  for (const position of positions.values()) if (watched.includes(position.owner)) found.push(position)
  unfollowed.set(tracked, found)
  return found
}

/**
 * Steps alerts while the chain cannot be read: watched positions are unassessable at the last known block, and the
 * watcher's own signal is met. Answers how many notifications that made. Throws
 * `DatabaseFullError`; then nothing has changed.
 */
export const judgeOutage = (
  database: Database,
  { book, attentions }: KnownBook,
  watched: readonly Address[],
  judge: Judge,
  { signal, reason, detail, timestamp }: Outage,
): number => {
  const last = book.cursor ?? unreadBlock(book.chainId, timestamp)
  const block: BlockRef = { ...last, timestamp: Math.max(timestamp, last.timestamp) }
  const positions = book.tracked.flatMap((tracked) => watchedIn(tracked, attentions?.get(tracked), watched))
  const judgement = judge.judge({
    block,
    assessments: positions.map((position) => unassessable(subjectOf(position, block), { reason, detail })),
    closed: [],
    selfChecks: (signal === 'DatabaseFull' ? [signal] : CHAIN_SIGNALS).map((name) => ({
      name,
      isMet: name === signal,
      detail: name === signal ? detail : '',
    })),
  })
  commitAlerts(database, book.chainId, alertsOf(judgement))
  judgement.accept()
  return judgement.notifications.length
}
