// What the last snapshot of every position said, in a few bytes each: what decides whether the next is due.
import { UNASSESSABLE_REASONS } from '../model/market.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { NewestHealth } from '../store/newest-healths.ts'
import { healthPpm } from '../units/format.ts'
import { grown } from '../units/grown.ts'

/** `ppm`: the health factor in parts per million, see `healthPpm`. */
export type Last =
  | { readonly kind: 'assessed'; readonly ppm: number; readonly isLiquidatable: boolean }
  | { readonly kind: 'unassessable'; readonly reason: string }

/** By slot. */
export type LastSnapshots = {
  /** Undefined where none was taken since the position was opened. */
  of(slot: number): Last | undefined
  remember(slot: number, last: Last): void
  forget(slot: number): void
}

/** What a snapshot is remembered by; undefined where it closed its position. */
export const lastOf = ({ cause, healthFactor, isLiquidatable, reason }: Snapshot): Last | undefined => {
  if (cause === 'closed') return undefined
  return healthFactor === null
    ? { kind: 'unassessable', reason: reason ?? '' }
    : { kind: 'assessed', ppm: healthPpm(healthFactor), isLiquidatable: isLiquidatable === true }
}

/** The same of what the store tells when it is opened. */
export const lastOfHealth = ({ healthPpm: ppm, isLiquidatable, reason }: NewestHealth): Last =>
  ppm === null ? { kind: 'unassessable', reason: reason ?? '' } : { kind: 'assessed', ppm, isLiquidatable }

/** Kinds of what is remembered; reasons count on from the last of them. */
const [NONE, SAFE, LIQUIDATABLE, REASON] = [0, 1, 2, 3] as const

export const createLastSnapshots = (): LastSnapshots => {
  const reasons: string[] = [...UNASSESSABLE_REASONS]
  let kinds = new Uint8Array(0)
  let healths = new Float64Array(0)
  const codeOf = (reason: string): number => {
    const known = reasons.indexOf(reason)
    return REASON + (known < 0 ? reasons.push(reason) - 1 : known)
  }
  return {
    of: (slot) => {
      const kind = kinds[slot] ?? NONE
      if (kind === NONE) return undefined
      if (kind >= REASON) return { kind: 'unassessable', reason: reasons[kind - REASON] ?? '' }
      return { kind: 'assessed', ppm: healths[slot] ?? 0, isLiquidatable: kind === LIQUIDATABLE }
    },
    remember: (slot, last) => {
      kinds = grown(kinds, slot + 1)
      healths = grown(healths, slot + 1)
      if (last.kind === 'unassessable') kinds[slot] = codeOf(last.reason)
      else {
        kinds[slot] = last.isLiquidatable ? LIQUIDATABLE : SAFE
        healths[slot] = last.ppm
      }
    },
    forget: (slot) => {
      if (slot < kinds.length) kinds[slot] = NONE
    },
  }
}
