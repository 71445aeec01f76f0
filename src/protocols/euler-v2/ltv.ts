// LTVs and their ramps: shared/types/LTVConfig.sol.
import type { LtvConfig } from './state.ts'

/** The LTV that lets an account borrow, or that keeps it from being liquidated. */
export type Purpose = 'borrow' | 'liquidation'

/** LTVConfigLib.isRecognizedCollateral: configured at any time, whatever its LTV. */
export const isRecognized = (ltv: LtvConfig | undefined): ltv is LtvConfig =>
  ltv !== undefined && ltv.targetTimestamp !== 0

/** LTVConfigLib.getLTV in basis points: a lowered liquidation LTV is approached in a straight line, cut. */
export const ltvAt = (ltv: LtvConfig | undefined, purpose: Purpose, timestamp: number): bigint => {
  if (!ltv) return 0n
  if (purpose === 'borrow') return ltv.borrowLTV
  const { liquidationLTV, initialLiquidationLTV, targetTimestamp, rampDuration } = ltv
  if (timestamp >= targetTimestamp || liquidationLTV >= initialLiquidationLTV) return liquidationLTV
  const remaining = BigInt(targetTimestamp - timestamp)
  return liquidationLTV + ((initialLiquidationLTV - liquidationLTV) * remaining) / BigInt(rampDuration)
}
