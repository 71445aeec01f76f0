// A loan as Morpho judges it: Morpho._isHealthy.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import type { Pool } from './accrual.ts'
import { ORACLE_PRICE_SCALE, toAssetsUp, wMulDown } from './math.ts'
import { refusedWith } from './refusing.ts'
import { priceKeyOf } from './state.ts'

/** Everything in units of the loan token. `borrowed` is rounded up, `quoted` and `maxBorrow` are cut. */
export type Loan = { readonly borrowed: bigint; readonly quoted: bigint; readonly maxBorrow: bigint }

/** What the position owes, in units of the loan token, rounded up; the market has to be accrued. */
export const borrowedUp = ({ market, position }: Pool): bigint => {
  const { totalBorrowAssets, totalBorrowShares } = market.reading.totals
  return toAssetsUp(position.borrowShares, totalBorrowAssets, totalBorrowShares)
}

/** Debt, collateral quoted in the loan token, and what may be borrowed on it, at an oracle price (scale 1e36). */
export const loanOf = (pool: Pool, price: bigint): Loan => {
  const quoted = mulDivDown(pool.position.collateral, price, ORACLE_PRICE_SCALE)
  return {
    borrowed: borrowedUp(pool),
    quoted,
    maxBorrow: wMulDown(quoted, pool.market.params.lltv),
  }
}

/** Morpho._isHealthy: healthy at equality. */
export const isHealthy = ({ maxBorrow, borrowed }: Loan): boolean => maxBorrow >= borrowed

/** maxBorrow ÷ borrowed as a wad, cut: at least 1e18 exactly where the loan is healthy; 2^256 − 1 without debt. */
export const healthFactorDown = ({ maxBorrow, borrowed }: Loan): bigint =>
  borrowed === 0n ? UINT256_MAX : (maxBorrow * WAD) / borrowed

/** What an oracle answers inside a transaction; its failure is the transaction's. */
export const priceIn = (env: Env, oracle: `0x${string}`): bigint => {
  const reading = env.prices(priceKeyOf(oracle))
  if (!reading) throw new RefusedError('the price is not read yet')
  if (reading.kind === 'failed') throw refusedWith(reading.error)
  return reading.price
}

/** Refuses a withdrawal or a borrow that leaves the loan unhealthy. Without debt the oracle is not asked. */
export const requireHealthy = (pool: Pool, env: Env): void => {
  if (pool.position.borrowShares === 0n) return
  const loan = loanOf(pool, priceIn(env, pool.market.params.oracle))
  requireThat(isHealthy(loan), 'insufficient collateral')
}
