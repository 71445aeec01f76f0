// The order of positions in lists: what cannot be assessed, then by health, worst first.
import type { Assessment } from '../../model/assessment.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Assessed, Entry } from './health-index.ts'

/** More than the rounding of a health factor to float64. */
const ROUNDING = 2 ** -50

/**
 * Where a position stands: by `health` (a wad, −1 where it cannot be assessed), then those last whose debt is certainly none,
 * then by deployment and slot, which stay a position's own while it lives.
 */
export type Place = {
  readonly health: bigint
  readonly isDebtless: boolean
  readonly deployment: number
  readonly slot: number
}

const healthOf = (assessment: Assessment): bigint =>
  assessment.kind === 'assessed' ? assessment.healthFactor : -1n

export const placeOf = ({ part, at, assessment }: Assessed): Place => ({
  health: healthOf(assessment),
  isDebtless: part.lows[at] === Number.POSITIVE_INFINITY,
  deployment: part.tracked.id,
  slot: part.slots[at] as number,
})

export const comparePlaces = (a: Place, b: Place): number => {
  if (a.health !== b.health) return a.health < b.health ? -1 : 1
  if (a.isDebtless !== b.isDebtless) return a.isDebtless ? 1 : -1
  return a.deployment - b.deployment || a.slot - b.slot
}

/** A health as the screen has them. */
export const numberOf = (health: bigint): number =>
  health === UINT256_MAX ? Number.POSITIVE_INFINITY : Number(health) / Number(WAD)

/** Whether no position whose health is at least `low`, a number of the screen, stands before a place or beside it. */
export const isBefore = (place: Place, low: number): boolean =>
  place.isDebtless
    ? low === Number.POSITIVE_INFINITY
    : place.health !== UINT256_MAX && numberOf(place.health) * (1 + ROUNDING) < low

/** Whether an entry's health is certainly below one, or above one. */
export const isCertainlyBelow = ({ part, at }: Entry, health: bigint): boolean =>
  (part.highs[at] as number) * (1 + ROUNDING) < numberOf(health)

export const isCertainlyAbove = ({ part, at }: Entry, health: bigint): boolean =>
  (part.lows[at] as number) > numberOf(health) * (1 + ROUNDING)
