// CToken.liquidateBorrow on a state, step by step. What differs within the family is the comptroller's part: a `LiquidationPolicy`.
import type { Address } from 'viem'
import { UINT256_MAX } from '../../units/brands.ts'
import { requireThat } from '../refusing.ts'
import { type CToken, cTokenIn, legIn, type Pool, withCToken, withLeg } from './account.ts'
import { accrue, borrowBalanceDown, exchangeRateDown, type Totals } from './accrual.ts'
import { add, sub } from './exponential.ts'
import { allowed, failUnless, RejectedError, revertingWith } from './failing.ts'
import { type SeizeSplit, seizeTokensDown, splitDown } from './seizure.ts'

/** The comptroller's part of a liquidation. All of it refuses by throwing: a `RejectedError` for a code, a `RefusedError` for a revert. */
export type LiquidationPolicy<T extends CToken> = {
  /** liquidateBorrowAllowed. `seen` is the state as other contracts see it meanwhile. */
  liquidateAllowed(seen: Pool<T>, borrowed: T, collateral: T, repay: bigint): void
  /** repayBorrowAllowed. */
  repayAllowed(borrowed: T): void
  /** seizeAllowed. */
  seizeAllowed(collateral: T, borrowed: T): void
  /** What the seize calculation multiplies a repayment by, a wad. */
  incentiveOf(collateral: T, borrowed: T): bigint
  /** As in a `Valuation`. */
  priceOf(cToken: T): bigint
}

/** `repay` in units of the borrowed market's underlying; `accrueFirst`: markets that somebody accrued before, in the same block. */
export type LiquidationCall = {
  readonly borrowed: Address
  readonly collateral: Address
  readonly repay: bigint
  readonly slot: bigint
  readonly accrueFirst: readonly Address[]
}

/** What a liquidation moved, and the state behind it. `seizeTokens` is what the borrower loses. */
export type Execution<T extends CToken> = SeizeSplit & {
  readonly pool: Pool<T>
  readonly repaid: bigint
  readonly seizeTokens: bigint
}

/** accrueInterest on each of the markets. */
export const accrueMarkets = <T extends CToken>(
  pool: Pool<T>,
  addresses: readonly Address[],
  slot: bigint,
): Pool<T> =>
  addresses.reduce((current, address) => withCToken(current, accrue(cTokenIn(current, address), slot)), pool)

/** A market with other totals. */
export const withTotals = <T extends CToken>(cToken: T, totals: Partial<Totals>): T => ({
  ...cToken,
  totals: { ...cToken.totals, ...totals },
})

/**
 * While a native market's own function runs, its balance already holds the value sent: others see it in `cash`, the market
 * itself subtracts it.
 */
const seenByOthers = <T extends CToken>(pool: Pool<T>, borrowed: T, value: bigint): Pool<T> =>
  borrowed.isNative ? withCToken(pool, withTotals(borrowed, { cash: borrowed.totals.cash + value })) : pool

/** CToken.repayBorrowFresh: cash comes in, the debt's snapshot starts anew at the market's index. */
export const repayBorrow = <T extends CToken>(
  pool: Pool<T>,
  borrowed: T,
  repay: bigint,
  policy: Pick<LiquidationPolicy<T>, 'repayAllowed'>,
): Pool<T> => {
  allowed('REPAY_BORROW_COMPTROLLER_REJECTION', () => policy.repayAllowed(borrowed))
  const { cash, totalBorrows, borrowIndex } = borrowed.totals
  const leg = legIn(pool, borrowed)
  const owed = borrowBalanceDown(leg.borrow, borrowed)
  requireThat(repay <= owed, 'REPAY_BORROW_NEW_ACCOUNT_BORROW_BALANCE_CALCULATION_FAILED')
  requireThat(repay <= totalBorrows, 'REPAY_BORROW_NEW_TOTAL_BALANCE_CALCULATION_FAILED')
  const paid = withTotals(borrowed, { cash: add(cash, repay), totalBorrows: totalBorrows - repay })
  const borrow = { principal: owed - repay, interestIndex: borrowIndex }
  return withLeg(withCToken(pool, paid), borrowed, { ...leg, borrow })
}

/** liquidateCalculateSeizeTokens as a cToken uses it: a rejection reverts. */
const seizeTokensOf = <T extends CToken>(
  collateral: T,
  borrowed: T,
  repay: bigint,
  policy: LiquidationPolicy<T>,
): bigint => {
  try {
    const priceBorrowed = policy.priceOf(borrowed)
    const priceCollateral = policy.priceOf(collateral)
    const exchangeRate = exchangeRateDown(collateral)
    const incentive = policy.incentiveOf(collateral, borrowed)
    return seizeTokensDown({ incentive, priceBorrowed, priceCollateral, exchangeRate }, repay)
  } catch (error) {
    requireThat(!(error instanceof RejectedError), 'LIQUIDATE_COMPTROLLER_CALCULATE_AMOUNT_SEIZE_FAILED')
    throw error
  }
}

/** CToken.seize: what the protocol takes leaves the supply and becomes reserves. */
const seize = <T extends CToken>(
  pool: Pool<T>,
  { borrowed, collateral, repay }: LiquidationCall,
  seizeTokens: bigint,
): Execution<T> => {
  const market = cTokenIn(pool, collateral)
  const { cash, totalReserves, totalSupply } = market.totals
  const isOwnValue = market.isNative && borrowed === collateral
  const split = splitDown(isOwnValue ? withTotals(market, { cash: sub(cash, repay) }) : market, seizeTokens)
  const taken = withTotals(market, {
    totalReserves: add(totalReserves, split.protocolAmount),
    totalSupply: sub(totalSupply, split.protocolTokens),
  })
  const leg = legIn(pool, market)
  const after = withLeg(withCToken(pool, taken), market, { ...leg, tokens: sub(leg.tokens, seizeTokens) })
  return { ...split, pool: after, repaid: repay, seizeTokens }
}

/** CToken.liquidateBorrowFresh, both markets accrued. */
const liquidateBorrowFresh = <T extends CToken>(
  pool: Pool<T>,
  call: LiquidationCall,
  policy: LiquidationPolicy<T>,
): Execution<T> => {
  const { repay } = call
  const borrowed = cTokenIn(pool, call.borrowed)
  const collateral = cTokenIn(pool, call.collateral)
  const seen = seenByOthers(pool, borrowed, repay)
  allowed('LIQUIDATE_COMPTROLLER_REJECTION', () =>
    policy.liquidateAllowed(seen, cTokenIn(seen, call.borrowed), cTokenIn(seen, call.collateral), repay),
  )
  failUnless(repay !== 0n, 'INVALID_CLOSE_AMOUNT_REQUESTED', 'LIQUIDATE_CLOSE_AMOUNT_IS_ZERO')
  failUnless(repay !== UINT256_MAX, 'INVALID_CLOSE_AMOUNT_REQUESTED', 'LIQUIDATE_CLOSE_AMOUNT_IS_UINT_MAX')
  const paid = repayBorrow(pool, borrowed, repay, policy)
  const source = cTokenIn(paid, call.collateral)
  const seizeTokens = seizeTokensOf(source, cTokenIn(paid, call.borrowed), repay, policy)
  requireThat(legIn(paid, collateral).tokens >= seizeTokens, 'LIQUIDATE_SEIZE_TOO_MUCH')
  try {
    policy.seizeAllowed(source, borrowed)
  } catch (error) {
    requireThat(!(error instanceof RejectedError), 'token seizure failed')
    throw error
  }
  return seize(paid, call, seizeTokens)
}

/** CToken.liquidateBorrow (CErc20, CEther): it accrues the borrowed and the collateral's market and no other. Refuses by throwing. */
export const liquidateBorrow = <T extends CToken>(
  pool: Pool<T>,
  call: LiquidationCall,
  policy: LiquidationPolicy<T>,
): Execution<T> => {
  const poked = accrueMarkets(pool, call.accrueFirst, call.slot)
  const accrued = accrueMarkets(poked, [call.borrowed, call.collateral], call.slot)
  const run = (): Execution<T> => liquidateBorrowFresh(accrued, call, policy)
  return cTokenIn(pool, call.borrowed).isNative ? revertingWith('liquidateBorrow failed', run) : run()
}
