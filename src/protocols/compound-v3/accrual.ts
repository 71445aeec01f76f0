// Interest: utilisation, rates, and indices accrued to a time.
import { WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { raisedBy } from '../raising.ts'
import { RefusedError } from '../refusing.ts'
import { checkedUint, mulFactorDown, presentValueDown, safe64 } from './math.ts'
import {
  type CometMarket,
  type CometPosition,
  type Configuration,
  faultOf,
  type RateCurve,
  type Totals,
} from './state.ts'

/** A market whose configuration and totals are there, and one position in it. */
export type Pool = { readonly market: ReadMarket; readonly position: CometPosition }

export type ReadMarket = CometMarket & { readonly configuration: Configuration; readonly totals: Totals }

/** The market with its reading; refuses where it has none. */
export const readMarket = (market: CometMarket): ReadMarket => {
  const { configuration, totals } = market
  if (!configuration || !totals) throw new RefusedError('the market is not read yet')
  return market as ReadMarket
}

/** The pool as it was read; refuses where something of it could not be. */
export const poolOf = (market: CometMarket, position: CometPosition): Pool => {
  const fault = faultOf(market) ?? position.fault
  if (fault) throw new RefusedError(`${fault.reason}: ${fault.detail}`)
  return { market: readMarket(market), position }
}

/** Comet.getUtilization: a wad, at the indices as they are; 0 where nothing is supplied, whatever is borrowed. */
export const utilizationDown = (totals: Totals): bigint => {
  const supply = presentValueDown(totals.totalSupplyBase, totals.baseSupplyIndex)
  const borrow = presentValueDown(totals.totalBorrowBase, totals.baseBorrowIndex)
  return supply === 0n ? 0n : mulDivDown(borrow, WAD, supply)
}

/** Comet.getSupplyRate, getBorrowRate: a wad per second, each product cut. */
export const ratePerSecondDown = (
  { kink, base, slopeLow, slopeHigh, rise }: RateCurve,
  utilization: bigint,
): bigint => {
  const below = mulFactorDown(slopeLow, utilization <= kink ? utilization : kink)
  const above = utilization <= kink ? 0n : mulFactorDown(slopeHigh, utilization - kink)
  return safe64(raisedBy(checkedUint256(base + below + above), rise))
}

/** An index after `elapsed` seconds at one rate. */
const grownDown = (index: bigint, rate: bigint, elapsed: bigint): bigint =>
  checkedUint(index + safe64(mulFactorDown(index, checkedUint256(rate * elapsed))), 64n)

/** A reward index after `elapsed` seconds; below `baseMinForRewards` nobody is rewarded. */
const trackedDown = (
  index: bigint,
  speed: bigint,
  principal: bigint,
  elapsed: bigint,
  { baseScale, baseMinForRewards }: Configuration,
): bigint =>
  principal < baseMinForRewards
    ? index
    : checkedUint(index + safe64(mulDivDown(checkedUint256(speed * elapsed), baseScale, principal)), 64n)

const accrueAnew = (market: ReadMarket, timestamp: number): ReadMarket => {
  const { configuration, totals } = market
  const elapsed = checkedSub(BigInt(timestamp), BigInt(totals.lastAccrualTime))
  const utilization = utilizationDown(totals)
  const { baseSupplyIndex, baseBorrowIndex, trackingSupplyIndex, trackingBorrowIndex } = totals
  const { supplyRate, borrowRate, baseTrackingSupplySpeed, baseTrackingBorrowSpeed } = configuration
  return {
    ...market,
    totals: {
      ...totals,
      baseSupplyIndex: grownDown(baseSupplyIndex, ratePerSecondDown(supplyRate, utilization), elapsed),
      baseBorrowIndex: grownDown(baseBorrowIndex, ratePerSecondDown(borrowRate, utilization), elapsed),
      trackingSupplyIndex: trackedDown(
        trackingSupplyIndex,
        baseTrackingSupplySpeed,
        totals.totalSupplyBase,
        elapsed,
        configuration,
      ),
      trackingBorrowIndex: trackedDown(
        trackingBorrowIndex,
        baseTrackingBorrowSpeed,
        totals.totalBorrowBase,
        elapsed,
        configuration,
      ),
      lastAccrualTime: timestamp,
    },
  }
}

/** What was last computed of a market, since all its positions are assessed at the same time. */
const lastAccrued = new WeakMap<ReadMarket, ReadMarket>()

/**
 * Comet.accrueInternal to `timestamp` (s): all indices. One step is linear, so the result depends on the times at which
 * somebody accrued.
 */
export const accrue = (market: ReadMarket, timestamp: number): ReadMarket => {
  if (market.totals.lastAccrualTime === timestamp) return market
  const last = lastAccrued.get(market)
  if (last?.totals.lastAccrualTime === timestamp) return last
  const accrued = accrueAnew(market, timestamp)
  lastAccrued.set(market, accrued)
  return accrued
}

/** The pool after an accrual. */
export const accruePool = ({ market, position }: Pool, timestamp: number): Pool => ({
  market: accrue(market, timestamp),
  position,
})

/** Comet.totalSupply, totalBorrow after accrual, in units of the base token. */
export const totalSupplyDown = ({ totals }: ReadMarket): bigint =>
  presentValueDown(totals.totalSupplyBase, totals.baseSupplyIndex)
export const totalBorrowDown = ({ totals }: ReadMarket): bigint =>
  presentValueDown(totals.totalBorrowBase, totals.baseBorrowIndex)
