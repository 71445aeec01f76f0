// What the watcher finds of itself.
import { formatDeploymentId } from '../model/ids.ts'
import type { Tracked } from '../store/book.ts'
import type { Mismatch } from '../store/commit.ts'
import type { SelfCheck } from './judge.ts'
import { createMirrorWatch } from './mirror-behind.ts'

/** Everything that the watcher watches of itself, and how bad it is. */
export const SELF_CHECKS = {
  HeadStale: 'critical',
  EndpointDown: 'critical',
  SequencerDown: 'critical',
  OracleStale: 'warning',
  MirrorBehind: 'warning',
  MarketsUnlisted: 'critical',
  AuditMismatch: 'critical',
  DatabaseFull: 'critical',
  DatabaseAlmostFull: 'warning',
  DeliveryFailing: 'critical',
  JobMissed: 'warning',
  DeadMansSwitchFailing: 'warning',
} as const

export type SelfCheckName = keyof typeof SELF_CHECKS

/** What the cycles of one chain find of themselves. */
export type SelfChecker = {
  /**
   * Signals of a cycle that succeeded, at its chain time in seconds, before its commit: `disputes` are positions whose audit
   * has not agreed since it differed.
   */
  checks(disputes: readonly Mismatch[], timestamp: number): readonly SelfCheck[]
}

const disputed = ({ position, differences }: Mismatch): string => `${position}: ${differences.join('; ')}`

const unlistedIn = (tracked: readonly Tracked[]): readonly string[] =>
  tracked.flatMap(({ unlisted, mirror }) =>
    unlisted ? [`${formatDeploymentId(mirror.deployment)}: ${unlisted.detail}`] : [],
  )

/** The checks of one chain's cycles. `others` are what is looked at beside them, as last found. */
export const createSelfChecker = (options: {
  readonly tracked: readonly Tracked[]
  readonly mirrorBehindSecondsMax: number
  others?(): readonly SelfCheck[]
}): SelfChecker => {
  const { tracked, mirrorBehindSecondsMax, others = () => [] } = options
  const mirrorWatch = createMirrorWatch(tracked, mirrorBehindSecondsMax)
  const said = (name: SelfCheckName, details: readonly string[]): SelfCheck => ({
    ...{ name, isMet: details.length > 0, detail: details.join(' | ') },
  })
  return {
    checks: (disputes, timestamp) => [
      said('MarketsUnlisted', unlistedIn(tracked)),
      said('AuditMismatch', disputes.map(disputed)),
      said('MirrorBehind', mirrorWatch.behindAt(timestamp)),
      said('EndpointDown', []),
      said('HeadStale', []),
      said('DatabaseFull', []),
      ...others(),
    ],
  }
}
