// The comptroller's part: what it values, and what it allows.
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { holdingsOf, legIn, type Pool, type Sums, shortfallOf, sumsOf, type Valuation } from './account.ts'
import { borrowBalanceDown } from './accrual.ts'
import type { LiquidationPolicy } from './execution.ts'
import { expMulDown } from './exponential.ts'
import { rejectUnless } from './failing.ts'
import { type CompoundMarket, type CompoundToken, priceKeyOf } from './state.ts'

export type CompoundPool = Pool<CompoundToken>

/** What the oracle answers for a cToken; an oracle that reverts is a refusal, and so is a price that was not read. */
export const priceIn = (env: Env, { address, symbol }: CompoundToken): bigint => {
  const reading = env.prices(priceKeyOf(address))
  if (reading?.kind !== 'price')
    throw new RefusedError(reading?.error ?? `the price of ${symbol} is not read yet`)
  return reading.price
}

/** A market's collateral counts by its collateral factor, in loans and in liquidations alike. */
export const valuationOf = (env: Env): Valuation<CompoundToken> => ({
  weightOf: ({ collateralFactor }) => collateralFactor,
  priceOf: (cToken) => priceIn(env, cToken),
})

/** Comptroller.getAccountLiquidity, before it takes the difference. Refuses as it does. */
export const liquidityOf = (pool: CompoundPool, env: Env): Sums => sumsOf(holdingsOf(pool, valuationOf(env)))

/** Comptroller.isDeprecated. */
export const isDeprecated = (
  { hasDeprecation }: CompoundMarket,
  { collateralFactor, isBorrowPaused, reserveFactor }: CompoundToken,
): boolean => hasDeprecation && collateralFactor === 0n && isBorrowPaused && reserveFactor === WAD

/** The most that may be repaid at once of a debt of `owed`, in units of the underlying. */
export const maxCloseDown = (market: CompoundMarket, borrowed: CompoundToken, owed: bigint): bigint =>
  isDeprecated(market, borrowed) ? owed : expMulDown(market.closeFactor, owed)

/** Refuses as the comptroller does where one of the markets is not listed. */
export const requireListed = (...cTokens: readonly CompoundToken[]): void =>
  rejectUnless(
    cTokens.every(({ isListed }) => isListed),
    'MARKET_NOT_LISTED',
  )

/** The comptroller's hooks of a liquidation. */
export const liquidationPolicyOf = (market: CompoundMarket, env: Env): LiquidationPolicy<CompoundToken> => ({
  liquidateAllowed: (seen, borrowed, collateral, repay) => {
    requireListed(borrowed, collateral)
    const owed = borrowBalanceDown(legIn(seen, borrowed).borrow, borrowed)
    const repayMax = maxCloseDown(market, borrowed, owed)
    if (isDeprecated(market, borrowed))
      return requireThat(repay <= repayMax, 'Can not repay more than the total borrow')
    rejectUnless(shortfallOf(liquidityOf(seen, env)) > 0n, 'INSUFFICIENT_SHORTFALL')
    rejectUnless(repay <= repayMax, 'TOO_MUCH_REPAY')
  },
  repayAllowed: (borrowed) => requireListed(borrowed),
  seizeAllowed: (collateral, borrowed) => {
    requireThat(!market.isSeizePaused, 'seize is paused')
    requireListed(collateral, borrowed)
  },
  incentiveOf: () => market.liquidationIncentive,
  priceOf: (cToken) => priceIn(env, cToken),
})
