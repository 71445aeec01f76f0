// AdaptiveCurveIrm of morpho-blue-irm: signed integers, cut towards zero, as bigint division does.
import { WAD } from '../../units/brands.ts'
import { checkedSub } from '../../units/mul-div.ts'
import { wDivDown } from './math.ts'
import type { Totals } from './state.ts'

const SECONDS_PER_YEAR = 365n * 86_400n

const CURVE_STEEPNESS = 4n * WAD
const ADJUSTMENT_SPEED = (50n * WAD) / SECONDS_PER_YEAR
const TARGET_UTILIZATION = (9n * WAD) / 10n
const INITIAL_RATE_AT_TARGET = (4n * WAD) / 100n / SECONDS_PER_YEAR
const RATE_AT_TARGET_MIN = WAD / 1000n / SECONDS_PER_YEAR
const RATE_AT_TARGET_MAX = (2n * WAD) / SECONDS_PER_YEAR

const LN_2 = 693147180559945309n
/** Below it e^x is under 1e-18, a wad of 0. */
const LN_WEI = -41446531673892822312n
const EXP_UPPER_BOUND = 93859467695000404319n
const EXP_UPPER_VALUE = 57716089161558943949701069502944508345128422502756744429568n

const wMulToZero = (x: bigint, y: bigint): bigint => (x * y) / WAD
const wDivToZero = (x: bigint, y: bigint): bigint => (x * WAD) / y

/** ExpLib.wExp: 2^q · e^r with e^r to its second order. */
const expToZero = (x: bigint): bigint => {
  if (x < LN_WEI) return 0n
  if (x >= EXP_UPPER_BOUND) return EXP_UPPER_VALUE
  const half = x < 0n ? -(LN_2 / 2n) : LN_2 / 2n
  const q = (x + half) / LN_2
  const r = x - q * LN_2
  const expR = WAD + r + (r * r) / WAD / 2n
  return q >= 0n ? expR << q : expR >> -q
}

const newRateAtTarget = (start: bigint, linearAdaptation: bigint): bigint => {
  const rate = wMulToZero(start, expToZero(linearAdaptation))
  if (rate < RATE_AT_TARGET_MIN) return RATE_AT_TARGET_MIN
  return rate > RATE_AT_TARGET_MAX ? RATE_AT_TARGET_MAX : rate
}

/** How far utilisation is from its target: −1 when nothing is borrowed, 1 when everything is; a wad. */
const errorOf = ({ totalSupplyAssets, totalBorrowAssets }: Totals): bigint => {
  const utilization = totalSupplyAssets > 0n ? wDivDown(totalBorrowAssets, totalSupplyAssets) : 0n
  const norm = utilization > TARGET_UTILIZATION ? WAD - TARGET_UTILIZATION : TARGET_UTILIZATION
  return wDivToZero(utilization - TARGET_UTILIZATION, norm)
}

const curveToZero = (rateAtTarget: bigint, error: bigint): bigint => {
  const coefficient = error < 0n ? WAD - wDivToZero(WAD, CURVE_STEEPNESS) : CURVE_STEEPNESS - WAD
  return wMulToZero(wMulToZero(coefficient, error) + WAD, rateAtTarget)
}

export type CurveRate = {
  /** Average since the last update: what borrowRateView answers. A wad per second. */
  readonly borrowRate: bigint
  /** What is stored as the rate at target once interest is accrued. */
  readonly rateAtTarget: bigint
}

/** AdaptiveCurveIrm._borrowRate of a market as stored, before its accrual, at `timestamp` (s). Rates are wads per second. */
export const adaptiveCurveRate = (totals: Totals, rateAtTarget: bigint, timestamp: number): CurveRate => {
  const error = errorOf(totals)
  if (rateAtTarget === 0n)
    return { borrowRate: curveToZero(INITIAL_RATE_AT_TARGET, error), rateAtTarget: INITIAL_RATE_AT_TARGET }
  const elapsed = checkedSub(BigInt(timestamp), BigInt(totals.lastUpdate))
  const linearAdaptation = wMulToZero(ADJUSTMENT_SPEED, error) * elapsed
  if (linearAdaptation === 0n) return { borrowRate: curveToZero(rateAtTarget, error), rateAtTarget }
  const end = newRateAtTarget(rateAtTarget, linearAdaptation)
  const middle = newRateAtTarget(rateAtTarget, linearAdaptation / 2n)
  const average = (rateAtTarget + end + 2n * middle) / 4n
  return { borrowRate: curveToZero(average, error), rateAtTarget: end }
}
