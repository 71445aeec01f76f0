// Interest of one cToken: CToken.accrueInterest and what follows from its totals.
import { WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { raisedBy } from '../raising.ts'
import { requireThat } from '../refusing.ts'
import { borrowRateDown, type RateModel, type Utilized } from './rate-model.ts'

/**
 * What a cToken has in its storage, not accrued. Amounts in units of the underlying, `totalSupply` in cToken units,
 * `borrowIndex` a wad. `accruedAt` is the slot of the last accrual: a block number or a time in s, as the market counts.
 */
export type Totals = Utilized & {
  readonly totalSupply: bigint
  readonly borrowIndex: bigint
  readonly accruedAt: bigint
}

/** Reserves that leave with an accrual, at the earliest `everySlots` after the last time (Venus: reduceReservesBlockDelta). */
export type ReservePayOut = { readonly lastAt: bigint; readonly everySlots: bigint }

/**
 * What interest depends on. Factors and rates are wads, rates per slot; `initialExchangeRate` counts while there is no supply. `rateRise` is
 * what a scenario adds to the model's rate.
 */
export type Lending = {
  readonly totals: Totals
  readonly reserveFactor: bigint
  readonly rateModel: RateModel
  readonly rateRise?: bigint
  readonly borrowRateMax: bigint
  readonly initialExchangeRate: bigint
  readonly reservePayOut?: ReservePayOut
}

const accruedTotals = (
  { totals, reserveFactor, rateModel, rateRise, borrowRateMax }: Lending,
  slot: bigint,
): Totals => {
  const { totalBorrows, totalReserves, borrowIndex, accruedAt } = totals
  const borrowRate = raisedBy(borrowRateDown(rateModel, totals), rateRise)
  requireThat(borrowRate <= borrowRateMax, 'borrow rate is absurdly high')
  requireThat(slot >= accruedAt, 'could not calculate block delta')
  const factor = checkedUint256(borrowRate * (slot - accruedAt))
  const interest = mulDivDown(factor, totalBorrows, WAD)
  return {
    ...totals,
    totalBorrows: checkedUint256(totalBorrows + interest),
    totalReserves: checkedUint256(totalReserves + mulDivDown(reserveFactor, interest, WAD)),
    borrowIndex: checkedUint256(borrowIndex + mulDivDown(factor, borrowIndex, WAD)),
    accruedAt: slot,
  }
}

/** Pays reserves out of cash, as much as there is, where it is time. */
const paidOut = <T extends Lending>(market: T, slot: bigint): T => {
  const { reservePayOut, totals } = market
  if (!reservePayOut || slot - reservePayOut.lastAt < reservePayOut.everySlots) return market
  const amount = totals.cash < totals.totalReserves ? totals.cash : totals.totalReserves
  return {
    ...market,
    totals: { ...totals, cash: totals.cash - amount, totalReserves: totals.totalReserves - amount },
    reservePayOut: { ...reservePayOut, lastAt: slot },
  }
}

const accruedMarkets = new WeakMap<Lending, Lending>()

/**
 * CToken.accrueInterest at a slot: simple interest over the slots since the last accrual, every term cut; nothing within the
 * same slot. The same for every position of the market, so computed once.
 */
export const accrue = <T extends Lending>(market: T, slot: bigint): T => {
  if (market.totals.accruedAt === slot) return market
  const known = accruedMarkets.get(market)
  if (known?.totals.accruedAt === slot) return known as T
  const accrued = paidOut({ ...market, totals: accruedTotals(market, slot) }, slot)
  accruedMarkets.set(market, accrued)
  return accrued
}

/** CToken.exchangeRateStored: underlying per cToken, a wad, by the totals as they stand. */
export const exchangeRateDown = ({
  totals,
  initialExchangeRate,
}: Pick<Lending, 'totals' | 'initialExchangeRate'>): bigint => {
  const { cash, totalBorrows, totalReserves, totalSupply } = totals
  if (totalSupply === 0n) return initialExchangeRate
  return mulDivDown(checkedSub(checkedUint256(cash + totalBorrows), totalReserves), WAD, totalSupply)
}

/**
 * A debt as a cToken stores it: `principal` in units of the underlying, as of when the market's index was `interestIndex`.
 * `from`: a `log`, which no read has confirmed yet, or an `estimate`, the balance of the block at which storage did not tell.
 */
export type BorrowSnapshot = {
  readonly principal: bigint
  readonly interestIndex: bigint
  readonly from?: 'log' | 'estimate'
}

/** CToken.borrowBalanceStored, in units of the underlying. */
export const borrowBalanceDown = (
  borrow: BorrowSnapshot | undefined,
  { totals: { borrowIndex } }: Lending,
): bigint =>
  borrow === undefined || borrow.principal === 0n
    ? 0n
    : mulDivDown(borrow.principal, borrowIndex, borrow.interestIndex)

/** balanceOfUnderlying of an accrued market, in units of the underlying. */
export const underlyingDown = (tokens: bigint, market: Lending): bigint =>
  mulDivDown(exchangeRateDown(market), tokens, WAD)
