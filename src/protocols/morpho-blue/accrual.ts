// Interest: Morpho._accrueInterest on a state.
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { raisedBy } from '../raising.ts'
import { RefusedError } from '../refusing.ts'
import { adaptiveCurveRate } from './adaptive-curve.ts'
import { addUint128, taylorCompoundedDown, toSharesDown, wMulDown } from './math.ts'
import { refusedWith } from './refusing.ts'
import type { MarketReading, MorphoMarket, MorphoPosition, RateModel, Totals } from './state.ts'

/** A market whose reading is there, and one position in it. */
export type Pool = { readonly market: ReadMarket; readonly position: MorphoPosition }

export type ReadMarket = MorphoMarket & { readonly reading: MarketReading }

/** What accrual adds, as the AccrueInterest event says it: `borrowRate` a wad per second, `interest` in units of the loan token. */
export type Interest = {
  readonly borrowRate: bigint
  readonly interest: bigint
  readonly feeShares: bigint
}

/** The market with its reading; refuses where it has none. */
export const readMarket = (market: MorphoMarket): ReadMarket => {
  if (!market.reading) throw new RefusedError('the market is not read yet')
  return market as ReadMarket
}

type Rate = { readonly borrowRate: bigint; readonly rate: RateModel }

/** The rate that accrual to `timestamp` uses, and the model behind it; undefined where the market bears no interest. */
const rateAt = ({ totals, rate }: MarketReading, timestamp: number): Rate | undefined => {
  switch (rate.kind) {
    case 'none':
      return undefined
    case 'adaptive-curve': {
      const { borrowRate, rateAtTarget } = adaptiveCurveRate(totals, rate.rateAtTarget, timestamp)
      return { borrowRate: raisedBy(borrowRate, rate.rise), rate: { ...rate, rateAtTarget } }
    }
    case 'given':
      return { borrowRate: raisedBy(rate.borrowRate, rate.rise), rate }
    case 'failed':
      throw refusedWith(rate.error)
    case 'unread':
      throw new RefusedError('the rate is not read yet')
  }
}

const withInterest = (
  totals: Totals,
  borrowRate: bigint,
  elapsed: bigint,
): { readonly totals: Totals; readonly interest: Interest } => {
  const interest = wMulDown(totals.totalBorrowAssets, taylorCompoundedDown(borrowRate, elapsed))
  const totalBorrowAssets = addUint128(totals.totalBorrowAssets, interest)
  const totalSupplyAssets = addUint128(totals.totalSupplyAssets, interest)
  const feeAmount = wMulDown(interest, totals.fee)
  const feeShares =
    totals.fee === 0n
      ? 0n
      : toSharesDown(feeAmount, checkedSub(totalSupplyAssets, feeAmount), totals.totalSupplyShares)
  const totalSupplyShares = addUint128(totals.totalSupplyShares, feeShares)
  return {
    totals: { ...totals, totalBorrowAssets, totalSupplyAssets, totalSupplyShares },
    interest: { borrowRate, interest, feeShares },
  }
}

type Accrued = { readonly market: ReadMarket; readonly interest: Interest | undefined }

const accrueAnew = (market: ReadMarket, timestamp: number): Accrued => {
  const { reading } = market
  const elapsed = checkedSub(BigInt(timestamp), BigInt(reading.totals.lastUpdate))
  if (elapsed === 0n) return { market, interest: undefined }
  const current = rateAt(reading, timestamp)
  if (!current) {
    const totals = { ...reading.totals, lastUpdate: timestamp }
    return { market: { ...market, reading: { ...reading, totals } }, interest: undefined }
  }
  const { totals, interest } = withInterest(reading.totals, current.borrowRate, elapsed)
  const accrued = { ...reading, totals: { ...totals, lastUpdate: timestamp }, rate: current.rate }
  return { market: { ...market, reading: accrued }, interest }
}

/** What was last computed of a market, since all its positions are assessed at the same time. */
const lastAccrued = new WeakMap<ReadMarket, { readonly timestamp: number; readonly accrued: Accrued }>()

/**
 * Morpho._accrueInterest to `timestamp` (s). Nothing happens within the second of the last update; without a rate model
 * only the time advances. Interest and fee shares are cut.
 */
export const accrue = (market: ReadMarket, timestamp: number): Accrued => {
  const last = lastAccrued.get(market)
  if (last?.timestamp === timestamp) return last.accrued
  const accrued = accrueAnew(market, timestamp)
  lastAccrued.set(market, { timestamp, accrued })
  return accrued
}

/** The same with one position beside it, which gains the fee's shares where its owner is the fee recipient. */
export const accruePool = (
  { market, position }: Pool,
  timestamp: number,
): Pool & { readonly interest: Interest | undefined } => {
  const accrued = accrue(market, timestamp)
  const gained = market.reading.feeRecipient === position.owner ? (accrued.interest?.feeShares ?? 0n) : 0n
  const supplyShares = checkedUint256(position.supplyShares + gained)
  return {
    market: accrued.market,
    interest: accrued.interest,
    position: gained === 0n ? position : { ...position, supplyShares },
  }
}
