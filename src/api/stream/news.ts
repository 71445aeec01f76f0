// What a cycle and its alerts say, as events.
import type { AlertNews } from '../../app/judging.ts'
import type { Assessment } from '../../model/assessment.ts'
import { type BlockRef, blockRef, isRead } from '../../model/block.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { CycleOutcome } from '../../monitor/cycle.ts'
import type { About } from './filter.ts'
import type { News } from './ring.ts'

export type Committed = Extract<CycleOutcome, { readonly kind: 'committed' }>

const aboutAlert = ({ alert }: AlertNews): About => {
  const { account, protocol } = alert.labels
  const loan =
    account !== undefined && protocol !== undefined ? { id: alert.subject, owner: account } : undefined
  return { alert, ...(loan ? { loan } : {}) }
}

export const alertNews = (chainId: number, news: AlertNews): News => {
  const { alert, was = null, isCancelled } = news
  const block = blockRef(alert.block)
  return {
    ...{ topic: 'alert', chainId, about: aboutAlert(news) },
    block: isRead(block) ? block : null,
    data: { change: isCancelled ? 'cancelled' : alert.state, was, alert: { ...alert, block } },
  }
}

/** Why something was written down, most telling first. */
const CAUSES: readonly Snapshot['cause'][] = ['crossed', 'closed', 'opened', 'activity', 'moved']

/** Those to be told of, where they are too many: of watched accounts, then of the most telling causes, worst health first. */
export const mostTelling = (
  snapshots: readonly Snapshot[],
  { max, isWatched }: { readonly max: number; isWatched(owner: string): boolean },
): readonly Snapshot[] => {
  if (snapshots.length <= max) return snapshots
  const rankOf = ({ owner, cause }: Snapshot): number =>
    CAUSES.indexOf(cause) - (isWatched(owner) ? CAUSES.length : 0)
  const compare = (a: Snapshot, b: Snapshot): number => {
    const [left, right] = [a.healthFactor ?? -1n, b.healthFactor ?? -1n]
    return rankOf(a) - rankOf(b) || (left < right ? -1 : left > right ? 1 : 0)
  }
  return [...snapshots].sort(compare).slice(0, max)
}

export const assessmentNews = (
  { position: id, owner, cause }: Snapshot,
  position: Assessment | undefined,
): Pick<News, 'topic' | 'about' | 'data'> => ({
  topic: 'assessment',
  about: { loan: { id, owner }, told: position ? [{ assessment: position }] : [] },
  data: () => ({ cause, id, owner, position: position ?? null }),
})

/** `told`: how many events there were since the head before; `leftOut`: how many would have been too many. */
export type HeadNews = {
  readonly previous: BlockRef | null
  readonly ageSeconds: number
  readonly stale: boolean
  readonly told: { readonly candidate: number; readonly assessment: number; readonly alert: number }
  readonly leftOut: { readonly candidate: number; readonly assessment: number }
}

export const headNews = (outcome: Committed, own: HeadNews): News => {
  const { reorgDepth, screenedCount, exactCount, pendingCount, logCount, liquidationCount } = outcome
  const block = blockRef(outcome.head)
  return {
    ...{ topic: 'head', chainId: block.chainId, block, about: {} },
    data: {
      ...{ ...own, reorgDepth, pendingCount, logCount, liquidationCount },
      ...{ positionCount: screenedCount, assessedCount: exactCount },
    },
  }
}
