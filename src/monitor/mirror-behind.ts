// Whether what is to be read gets read: a backlog that shrinks, reads that succeed in the end.
import { formatDeploymentId } from '../model/ids.ts'
import type { Key } from '../protocols/adapter.ts'
import type { Tracked } from '../store/book.ts'
import { formatDuration } from '../units/duration.ts'

export type MirrorWatch = {
  /** What has not become better for too long at a chain time in seconds; told of each cycle. */
  behindAt(timestamp: number): readonly string[]
}

/** How one deployment did: `since` is when its backlog last became smaller, or its search went on. */
type Progress = {
  pendingCount: number
  nextBlock: bigint | undefined
  since: number
  /** Reads that fail, and since when. */
  readonly failing: Map<Key, number>
}

const progressOf = (
  { pending, retries, discovery }: Tracked,
  before: Progress | undefined,
  timestamp: number,
): Progress => {
  const nextBlock = discovery?.nextBlock
  const moves =
    !before || pending.size === 0 || pending.size < before.pendingCount || nextBlock !== before.nextBlock
  return {
    pendingCount: pending.size,
    nextBlock,
    since: moves ? timestamp : before.since,
    failing: new Map([...retries].map((key) => [key, before?.failing.get(key) ?? timestamp])),
  }
}

/**
 * Watches the backlog and the retries of deployments. Time in which no cycle came counts for nothing: where more than
 * `secondsMax` lie between two cycles, or time runs backwards, it begins anew.
 */
export const createMirrorWatch = (tracked: readonly Tracked[], secondsMax: number): MirrorWatch => {
  let progress = new Map<Tracked, Progress>()
  let last: number | undefined
  return {
    behindAt: (timestamp) => {
      const isBroken = last === undefined || timestamp < last || timestamp - last > secondsMax
      const before = isBroken ? new Map<Tracked, Progress>() : progress
      last = timestamp
      progress = new Map(tracked.map((one) => [one, progressOf(one, before.get(one), timestamp)]))
      return [...progress].flatMap(([{ mirror }, { pendingCount, since, failing }]) => {
        const name = formatDeploymentId(mirror.deployment)
        const oldest = Math.min(timestamp, ...failing.values())
        const [first] = [...failing].find(([, at]) => at === oldest) ?? []
        const isStuck = pendingCount > 0 && timestamp - since >= secondsMax
        const isFailing = first !== undefined && timestamp - oldest >= secondsMax
        const stuck = `${name}: ${pendingCount} keys wait to be read, for ${formatDuration(timestamp - since)} no fewer`
        const failed = `${name}: ${failing.size} reads fail and are tried again with every head, for ${formatDuration(timestamp - oldest)}: ${first}`
        return [...(isStuck ? [stuck] : []), ...(isFailing ? [failed] : [])]
      })
    },
  }
}
