import type { Assessment } from '../model/assessment.ts'
import type { CallResult } from '../model/evm.ts'
import { formatPositionId } from '../model/ids.ts'
import type { AuditRead } from '../protocols/adapter.ts'
import type { Tracked } from '../store/book.ts'
import type { Mismatch } from '../store/commit.ts'

/** One position of one followed deployment, by its key in the mirror. */
type Place = { readonly tracked: Tracked; readonly key: string }

/** One position whose health is compared with the contract's own view in this cycle. */
export type AuditPlan = { readonly place: Place; readonly position: string; readonly read: AuditRead }

/**
 * `auditCount`: positions whose contract answered. `disputes`: all mismatches that have not agreed since, those of this head
 * included; they are remembered when `accept` is called, after the commit.
 */
export type AuditOutcome = {
  readonly auditCount: number
  readonly mismatches: readonly Mismatch[]
  readonly disputes: readonly Mismatch[]
  accept(): void
}

export type Auditor = {
  /** The next `count` positions: those in dispute first, then whose turn it is. */
  plans(count: number): readonly AuditPlan[]
  /**
   * Compares the contract's answers with our assessments of these positions. One that is gone has nothing to compare, nor
   * has one without an answer. `closed` are ids of positions that are gone.
   */
  compare(
    plans: readonly AuditPlan[],
    results: readonly CallResult[],
    assessments: readonly Assessment[],
    closed: readonly string[],
  ): AuditOutcome
}

const planOf = (place: Place): AuditPlan | undefined => {
  const { adapter, mirror } = place.tracked
  const position = mirror.positions.get(place.key)
  const market = position && mirror.markets.get(position.id.market)
  if (!market || market.fault) return undefined
  return { place, position: formatPositionId(position.id), read: adapter.audit(market, position) }
}

/** An auditor that walks all positions, over and over, so that in time each is audited; one that differs is audited until it agrees. */
export const createAuditor = (tracked: readonly Tracked[]): Auditor => {
  let disputed: ReadonlyMap<string, { readonly place: Place; readonly mismatch: Mismatch }> = new Map()
  function* walk(): Generator<Place> {
    for (const one of tracked) for (const key of one.mirror.positions.keys()) yield { tracked: one, key }
  }
  let rest = walk()
  const nextInTurn = (): Place | undefined => {
    let next = rest.next()
    if (next.done) {
      rest = walk()
      next = rest.next()
    }
    return next.done ? undefined : next.value
  }
  return {
    plans: (count) => {
      const again = [...disputed.values()].slice(0, count).map(({ place }) => place)
      const inTurn = Array.from({ length: count - again.length }, nextInTurn)
      return [...again, ...inTurn].flatMap((place) => (place && planOf(place)) ?? [])
    },
    compare: (plans, results, assessments, closed) => {
      const audited = new Set(plans.map(({ position }) => position))
      const known = new Map(
        assessments.filter(({ id }) => audited.has(id)).map((assessment) => [assessment.id, assessment]),
      )
      let offset = 0
      const compared = plans.flatMap(({ place, position, read }) => {
        const own = results.slice(offset, offset + read.calls.length)
        offset += read.calls.length
        const assessment = known.get(position)
        const differences = assessment && read.compare(own, assessment)
        return differences ? [{ place, mismatch: { position, differences } }] : []
      })
      const after = new Map(disputed)
      for (const one of compared) {
        if (one.mismatch.differences.length > 0) after.set(one.mismatch.position, one)
        else after.delete(one.mismatch.position)
      }
      for (const position of closed) after.delete(position)
      return {
        auditCount: compared.length,
        mismatches: compared
          .map(({ mismatch }) => mismatch)
          .filter(({ differences }) => differences.length > 0),
        disputes: [...after.values()].map(({ mismatch }) => mismatch),
        accept: () => {
          disputed = after
        },
      }
    },
  }
}
