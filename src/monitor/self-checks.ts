// What the watcher finds of itself in a cycle.
import { formatDeploymentId } from '../model/ids.ts'
import type { Tracked } from '../store/book.ts'
import type { Mismatch } from '../store/commit.ts'
import type { SelfCheck } from './judge.ts'

/** Signals of a cycle that succeeded: `disputes` are positions whose audit has not agreed since it differed. */
export const selfChecksOf = (
  disputes: readonly Mismatch[],
  tracked: readonly Tracked[],
): readonly SelfCheck[] => [
  {
    name: 'MarketsUnlisted',
    isMet: tracked.some(({ unlisted }) => unlisted),
    detail: tracked
      .flatMap((one) =>
        one.unlisted ? [`${formatDeploymentId(one.mirror.deployment)}: ${one.unlisted.detail}`] : [],
      )
      .join(' | '),
  },
  {
    name: 'AuditMismatch',
    isMet: disputes.length > 0,
    detail: disputes.map(({ position, differences }) => `${position}: ${differences.join('; ')}`).join(' | '),
  },
  { name: 'EndpointDown', isMet: false, detail: '' },
  { name: 'HeadStale', isMet: false, detail: '' },
  { name: 'DatabaseFull', isMet: false, detail: '' },
]
