// What an account holds and owes, valued as the comptroller does: getHypotheticalAccountLiquidity from parts.
import type { Address } from 'viem'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { RefusedError } from '../refusing.ts'
import { type BorrowSnapshot, borrowBalanceDown, exchangeRateDown, type Lending } from './accrual.ts'
import { add, expMulDown } from './exponential.ts'
import { RejectedError, rejectUnless } from './failing.ts'

/** What is lent. The native asset goes by the address 0xEeee…. */
export type Underlying = { readonly asset: Address; readonly symbol: string; readonly decimals: number }

/** One market: a cToken. `isNative`: repaid with value. `protocolSeizeShare` is a wad of the seized tokens, 0 in older code. */
export type CToken = Lending & {
  readonly address: Address
  readonly symbol: string
  readonly decimals: number
  readonly underlying: Underlying
  readonly isNative: boolean
  readonly protocolSeizeShare: bigint
}

/** `tokens` in cToken units. */
export type Leg = { readonly tokens: bigint; readonly borrow?: BorrowSnapshot }

/** `entered`: markets that count, in the comptroller's order. Legs by the cToken's address; one that is missing is empty. */
export type Account = { readonly entered: readonly Address[]; readonly legs: Readonly<Record<Address, Leg>> }

/** Markets and one account in them. */
export type Pool<T extends CToken = CToken> = {
  readonly cTokens: Readonly<Record<Address, T>>
  readonly account: Account
}

export const EMPTY_LEG: Leg = { tokens: 0n }

export const cTokenIn = <T extends CToken>({ cTokens }: Pool<T>, address: Address): T => {
  const cToken = cTokens[address]
  if (!cToken) throw new RefusedError(`no market ${address} is known`)
  return cToken
}

export const legIn = ({ account }: Pool, { address }: CToken): Leg => account.legs[address] ?? EMPTY_LEG

export const withCToken = <T extends CToken>(pool: Pool<T>, cToken: T): Pool<T> => ({
  ...pool,
  cTokens: { ...pool.cTokens, [cToken.address]: cToken },
})

export const withLeg = <T extends CToken>(pool: Pool<T>, { address }: CToken, leg: Leg): Pool<T> => ({
  ...pool,
  account: { ...pool.account, legs: { ...pool.account.legs, [address]: leg } },
})

/**
 * How the comptroller values. `weightOf`: what a market's collateral counts for, a wad. `priceOf`: what the oracle answers, per
 * unit of the underlying, times 1e18; 0 is no price; refuses where the oracle reverts. `skips`: legs that are passed over
 * before their price is asked for.
 */
export type Valuation<T extends CToken> = {
  weightOf(cToken: T): bigint
  priceOf(cToken: T): bigint
  skips?(tokens: bigint, borrowBalance: bigint, cToken: T): boolean
  /** Where debts are valued at another price than collateral. */
  debtPriceOf?(cToken: T): bigint
}

/** One entered market of an account: `tokens` in cToken units, `borrowBalance` in units of the underlying. */
export type Holding<T extends CToken = CToken> = {
  readonly cToken: T
  readonly tokens: bigint
  readonly borrowBalance: bigint
  readonly exchangeRate: bigint
  readonly price: bigint
  readonly debtPrice: bigint
  readonly weight: bigint
}

/** CToken.getAccountSnapshot, whose failed arithmetic is a code of its own. */
const snapshotOf = (leg: Leg, cToken: CToken) => {
  try {
    const borrowBalance = borrowBalanceDown(leg.borrow, cToken)
    return { tokens: leg.tokens, borrowBalance, exchangeRate: exchangeRateDown(cToken) }
  } catch (error) {
    if (error instanceof ArithmeticError) throw new RejectedError('SNAPSHOT_ERROR')
    throw error
  }
}

/** The entered markets one after the other, as the comptroller's loop meets them, by their totals as they stand. Refuses as it does. */
export function* holdingsOf<T extends CToken>(
  pool: Pool<T>,
  valuation: Valuation<T>,
): Generator<Holding<T>, void> {
  for (const address of pool.account.entered) {
    const cToken = cTokenIn(pool, address)
    const snapshot = snapshotOf(legIn(pool, cToken), cToken)
    if (valuation.skips?.(snapshot.tokens, snapshot.borrowBalance, cToken)) continue
    const weight = valuation.weightOf(cToken)
    const price = valuation.priceOf(cToken)
    const debtPrice = valuation.debtPriceOf?.(cToken) ?? price
    rejectUnless(price !== 0n && debtPrice !== 0n, 'PRICE_ERROR')
    yield { cToken, ...snapshot, price, debtPrice, weight }
  }
}

/** What one cToken unit counts for, a wad of the quote: weight · exchange rate · price, cut twice in this order. */
export const tokensToDenomDown = ({ weight, exchangeRate, price }: Omit<Holding, 'cToken'>): bigint =>
  expMulDown(expMulDown(weight, exchangeRate), price)

/** Value of the tokens at full weight, in the quote. */
export const suppliedValueDown = (holding: Holding): bigint =>
  expMulDown(tokensToDenomDown({ ...holding, weight: WAD }), holding.tokens)

/** Value of the debt, in the quote. */
export const borrowedValueDown = ({ debtPrice, borrowBalance }: Holding): bigint =>
  expMulDown(debtPrice, borrowBalance)

/** The two sums of the comptroller's loop, in the quote (18 decimals). */
export type Sums = { readonly collateral: bigint; readonly borrows: bigint }

/** What an action would do: tokens that leave, underlying that is borrowed. */
export type Effects = {
  readonly cToken: Address
  readonly redeemTokens: bigint
  readonly borrowAmount: bigint
}

/** Comptroller.getHypotheticalAccountLiquidityInternal, before it takes the difference. */
export const sumsOf = (holdings: Iterable<Holding>, effects?: Effects): Sums => {
  let collateral = 0n
  let borrows = 0n
  for (const holding of holdings) {
    const denom = tokensToDenomDown(holding)
    collateral = add(expMulDown(denom, holding.tokens), collateral)
    borrows = add(borrowedValueDown(holding), borrows)
    if (effects?.cToken !== holding.cToken.address) continue
    borrows = add(expMulDown(denom, effects.redeemTokens), borrows)
    borrows = add(expMulDown(holding.debtPrice, effects.borrowAmount), borrows)
  }
  return { collateral, borrows }
}

/** How far debt exceeds what the collateral counts for; 0 at equality. */
export const shortfallOf = ({ collateral, borrows }: Sums): bigint =>
  borrows > collateral ? borrows - collateral : 0n

/** floor(collateral · 1e18 / borrows), at least 1 exactly where there is no shortfall; 2^256 − 1 without debt. */
export const healthFactorDown = ({ collateral, borrows }: Sums): bigint =>
  borrows === 0n ? UINT256_MAX : (collateral * WAD) / borrows
