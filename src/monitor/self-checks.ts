// What the watcher finds of itself in a cycle.
import type { Tracked } from '../store/book.ts'
import type { Mismatch } from '../store/commit.ts'
import type { SelfCheck } from './judge.ts'

const nameOf = ({ mirror: { deployment } }: Tracked): string =>
  `${deployment.chainId}:${deployment.protocol}:${deployment.deployment}`

/** Signals of a cycle that succeeded: `disputes` are positions whose audit has not agreed since it differed. */
export const selfChecksOf = (
  disputes: readonly Mismatch[],
  tracked: readonly Tracked[],
): readonly SelfCheck[] => [
  {
    name: 'MarketsUnlisted',
    isMet: tracked.some(({ unlisted }) => unlisted),
    detail: tracked
      .flatMap((one) => (one.unlisted ? [`${nameOf(one)}: ${one.unlisted.detail}`] : []))
      .join(' | '),
  },
  {
    name: 'AuditMismatch',
    isMet: disputes.length > 0,
    detail: disputes.map(({ position, differences }) => `${position}: ${differences.join('; ')}`).join(' | '),
  },
  { name: 'EndpointDown', isMet: false, detail: '' },
  { name: 'HeadStale', isMet: false, detail: '' },
]
