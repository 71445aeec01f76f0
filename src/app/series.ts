// The health of loans over time at any resolution, recomputed at observed blocks: what snapshots leave out between two changes is there.
import type { Assessment } from '../model/assessment.ts'
import { parsePositionId } from '../model/ids.ts'
import { walkPast } from '../monitor/past-walk.ts'
import { registry } from '../protocols/registry.ts'
import type { Database } from '../store/database.ts'
import { positionIdsOf } from '../store/entries.ts'
import { lastObservedOfEach } from '../store/observed.ts'

/** Times are chain time in seconds, both ends among the span. */
export type SeriesOptions = {
  readonly since: number
  readonly until: number
  /** One point for each interval of so many seconds in which a block was observed, at the last of these. */
  readonly everySeconds: number
}

/**
 * Loans of a position id, or of an account, by chain and then by time: at each point those that were there. Exact, by the same
 * assess as at the head; nothing is held but the state of the loans.
 */
export function* seriesOf(
  database: Database,
  who: string,
  options: SeriesOptions,
): Generator<readonly Assessment[]> {
  const ids = who.includes(':') ? [who] : positionIdsOf(database, who)
  const chains = new Set(ids.map((id) => parsePositionId(id).chainId))
  for (const chainId of chains) {
    const blocks = lastObservedOfEach(database, chainId, options)
    const [first, last] = [blocks[0], blocks.at(-1)]
    if (!first || !last) continue
    const walk = walkPast(database, registry, {
      ids: ids.filter((id) => parsePositionId(id).chainId === chainId),
      ...{ chainId, first: first.number, last: last.number, wantsUsd: false, groups: [] },
    })
    for (const block of blocks) yield walk(block).assessments
  }
}
