import type { Assessment } from '../model/assessment.ts'
import type { CallResult } from '../model/evm.ts'
import { formatPositionId } from '../model/ids.ts'
import type { Position } from '../model/market.ts'
import type { AuditRead } from '../protocols/adapter.ts'
import type { Tracked } from '../store/book.ts'
import type { Mismatch } from '../store/commit.ts'

/** One position whose health is compared with the contract's own view in this cycle. */
export type AuditPlan = { readonly position: string; readonly read: AuditRead }

/** Walks all positions of the followed deployments, over and over, so that in time each is audited. */
export const auditRotation = (tracked: readonly Tracked[]): (() => AuditPlan | undefined) => {
  function* walk(): Generator<readonly [Tracked, Position]> {
    for (const one of tracked) for (const position of one.mirror.positions.values()) yield [one, position]
  }
  let rest = walk()
  return () => {
    let next = rest.next()
    if (next.done) {
      rest = walk()
      next = rest.next()
    }
    if (next.done) return undefined
    const [{ adapter, mirror }, position] = next.value
    const market = mirror.markets.get(position.id.market)
    if (!market || market.fault) return undefined
    return { position: formatPositionId(position.id), read: adapter.audit(market, position) }
  }
}

/** Compares the contract's answers with ours. A position that is gone has nothing to compare. */
export const auditMismatches = (
  plans: readonly AuditPlan[],
  results: readonly CallResult[],
  assessments: ReadonlyMap<string, Assessment>,
): readonly Mismatch[] => {
  let offset = 0
  return plans.flatMap(({ position, read }) => {
    const own = results.slice(offset, offset + read.calls.length)
    offset += read.calls.length
    const assessment = assessments.get(position)
    const differences = assessment ? read.compare(own, assessment) : []
    return differences.length === 0 ? [] : [{ position, differences }]
  })
}
