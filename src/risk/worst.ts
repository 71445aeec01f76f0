// A loan at its worst: where a liquidation does not accrue by itself, anybody may make the contract do so first, in the same transaction.
import type { Health } from '../model/assessment.ts'

/** Whether a liquidation can be had in this block: at once, or after what anybody may trigger. */
export const isLiquidatableByAnybody = ({ isLiquidatable, refreshed }: Health): boolean =>
  isLiquidatable || refreshed?.isLiquidatable === true

/** The lower of the two healths, a wad. */
export const leastHealthFactor = ({ healthFactor, refreshed }: Health): bigint =>
  refreshed && refreshed.healthFactor < healthFactor ? refreshed.healthFactor : healthFactor
