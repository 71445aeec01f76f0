// The system as a whole: its ratio, recovery mode, and the rates that decay.
import { WAD } from '../../units/brands.ts'
import { add, collateralRatioDown, decPowHalfUp, min, mulDivDown, sub } from './math.ts'
import type { Amounts, Parameters, ReadMarket, System } from './state.ts'

const SECONDS_IN_ONE_MINUTE = 60n

/** LiquityBase.getEntireSystemColl and getEntireSystemDebt. */
export const entireSystem = ({ activePool, defaultPool }: System): Amounts => ({
  coll: add(activePool.coll, defaultPool.coll),
  debt: add(activePool.debt, defaultPool.debt),
})

/** TroveManager.getTCR at a price, a wad. */
export const totalRatioDown = (system: System, price: bigint): bigint => {
  const { coll, debt } = entireSystem(system)
  return collateralRatioDown(coll, debt, price)
}

/** TroveManager.checkRecoveryMode. */
export const isRecoveryMode = ({ system, parameters }: ReadMarket, price: bigint): boolean =>
  totalRatioDown(system, price) < parameters.ccr

/** Since the base rate last moved in time. */
const secondsSince = ({ lastFeeOperationTime }: System, timestamp: number): bigint =>
  sub(BigInt(timestamp), BigInt(lastFeeOperationTime))

/** TroveManager._calcDecayedBaseRate, a wad: halved every twelve hours, by whole minutes. */
export const decayedBaseRateDown = ({ system, parameters }: ReadMarket, timestamp: number): bigint => {
  const minutes = secondsSince(system, timestamp) / SECONDS_IN_ONE_MINUTE
  return mulDivDown(system.baseRate, decPowHalfUp(parameters.minuteDecayFactor, minutes), WAD)
}

/** TroveManager._calcRedemptionRate, a wad. */
export const redemptionRate = ({ redemptionFeeFloor }: Parameters, baseRate: bigint): bigint =>
  min(add(redemptionFeeFloor, baseRate), WAD)

/** TroveManager._calcBorrowingRate, a wad. */
export const borrowingRate = ({ borrowingFeeFloor, borrowingFeeMax }: Parameters, baseRate: bigint): bigint =>
  min(add(borrowingFeeFloor, baseRate), borrowingFeeMax)

/** The base rate is set, and the time of it unless a minute has not passed: TroveManager._updateLastFeeOpTime. */
export const withBaseRate = (system: System, baseRate: bigint, timestamp: number): System => {
  const isDue = secondsSince(system, timestamp) >= SECONDS_IN_ONE_MINUTE
  return {
    ...system,
    baseRate,
    lastFeeOperationTime: isDue ? timestamp : system.lastFeeOperationTime,
  }
}
