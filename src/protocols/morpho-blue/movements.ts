// What Morpho's functions do to totals and position once interest is accrued. Each answers the state behind it.
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import type { Pool } from './accrual.ts'
import {
  addUint128,
  subUint128,
  toAssetsDown,
  toAssetsUp,
  toSharesDown,
  toSharesUp,
  zeroFloorSub,
} from './math.ts'
import type { MorphoPosition, Totals } from './state.ts'

/** An amount as the contract takes it: assets or shares, the other being zero. */
export type Amount = { readonly assets: bigint; readonly shares: bigint }

export type Moved = { readonly pool: Pool } & Amount

/** UtilsLib.exactlyOneZero, and what is refused without it. */
export const requireOne = ({ assets, shares }: Amount): void =>
  requireThat((assets === 0n) !== (shares === 0n), 'inconsistent input')

const changed = (
  { market, position }: Pool,
  totals: Partial<Totals>,
  own: Partial<MorphoPosition>,
): Pool => ({
  market: {
    ...market,
    reading: { ...market.reading, totals: { ...market.reading.totals, ...totals } },
  },
  position: { ...position, ...own },
})

/** Morpho.supply: shares cut, assets rounded up. */
export const supplyLoan = (pool: Pool, amount: Amount): Moved => {
  const { totalSupplyAssets, totalSupplyShares } = pool.market.reading.totals
  const { assets, shares } =
    amount.assets > 0n
      ? { ...amount, shares: toSharesDown(amount.assets, totalSupplyAssets, totalSupplyShares) }
      : { ...amount, assets: toAssetsUp(amount.shares, totalSupplyAssets, totalSupplyShares) }
  const after = changed(
    pool,
    {
      totalSupplyShares: addUint128(totalSupplyShares, shares),
      totalSupplyAssets: addUint128(totalSupplyAssets, assets),
    },
    { supplyShares: checkedUint256(pool.position.supplyShares + shares) },
  )
  return { pool: after, assets, shares }
}

/** Refuses where more is lent out than is there. */
const requireLiquidity = ({ market }: Pool): void => {
  const { totalBorrowAssets, totalSupplyAssets } = market.reading.totals
  requireThat(totalBorrowAssets <= totalSupplyAssets, 'insufficient liquidity')
}

/** Morpho.withdraw: shares rounded up, assets cut. */
export const withdrawLoan = (pool: Pool, amount: Amount): Moved => {
  const { totalSupplyAssets, totalSupplyShares } = pool.market.reading.totals
  const { assets, shares } =
    amount.assets > 0n
      ? { ...amount, shares: toSharesUp(amount.assets, totalSupplyAssets, totalSupplyShares) }
      : { ...amount, assets: toAssetsDown(amount.shares, totalSupplyAssets, totalSupplyShares) }
  const supplyShares = checkedSub(pool.position.supplyShares, shares)
  const after = changed(
    pool,
    {
      totalSupplyShares: subUint128(totalSupplyShares, shares),
      totalSupplyAssets: subUint128(totalSupplyAssets, assets),
    },
    { supplyShares },
  )
  requireLiquidity(after)
  return { pool: after, assets, shares }
}

/** Morpho.borrow: shares rounded up, assets cut. `requireHealthy` judges the state behind it, before liquidity is. */
export const borrowLoan = (pool: Pool, amount: Amount, requireHealthy: (after: Pool) => void): Moved => {
  const { totalBorrowAssets, totalBorrowShares } = pool.market.reading.totals
  const { assets, shares } =
    amount.assets > 0n
      ? { ...amount, shares: toSharesUp(amount.assets, totalBorrowAssets, totalBorrowShares) }
      : { ...amount, assets: toAssetsDown(amount.shares, totalBorrowAssets, totalBorrowShares) }
  const borrowShares = addUint128(pool.position.borrowShares, shares)
  const after = changed(
    pool,
    {
      totalBorrowShares: addUint128(totalBorrowShares, shares),
      totalBorrowAssets: addUint128(totalBorrowAssets, assets),
    },
    { borrowShares },
  )
  requireHealthy(after)
  requireLiquidity(after)
  return { pool: after, assets, shares }
}

/** Morpho.repay: shares cut, assets rounded up; the assets may exceed the market's total by 1. */
export const repayLoan = (pool: Pool, amount: Amount): Moved => {
  const { totalBorrowAssets, totalBorrowShares } = pool.market.reading.totals
  const { assets, shares } =
    amount.assets > 0n
      ? { ...amount, shares: toSharesDown(amount.assets, totalBorrowAssets, totalBorrowShares) }
      : { ...amount, assets: toAssetsUp(amount.shares, totalBorrowAssets, totalBorrowShares) }
  const borrowShares = subUint128(pool.position.borrowShares, shares)
  const after = changed(
    pool,
    {
      totalBorrowShares: subUint128(totalBorrowShares, shares),
      totalBorrowAssets: zeroFloorSub(totalBorrowAssets, assets),
    },
    { borrowShares },
  )
  return { pool: after, assets, shares }
}

/** Morpho.supplyCollateral, which accrues nothing. */
export const supplyCollateral = (pool: Pool, assets: bigint): Pool => {
  requireThat(assets !== 0n, 'zero assets')
  return changed(pool, {}, { collateral: addUint128(pool.position.collateral, assets) })
}

/** Collateral leaves the position, whoever takes it. */
export const takeCollateral = (pool: Pool, assets: bigint): Pool =>
  changed(pool, {}, { collateral: subUint128(pool.position.collateral, assets) })

/** The end of Morpho.liquidate: where no collateral is left, the rest of the debt is cut from what suppliers own. */
export const realizeBadDebt = (pool: Pool): Moved => {
  const { totalBorrowAssets, totalBorrowShares, totalSupplyAssets } = pool.market.reading.totals
  const { collateral, borrowShares: shares } = pool.position
  if (collateral > 0n) return { pool, assets: 0n, shares: 0n }
  const owed = toAssetsUp(shares, totalBorrowAssets, totalBorrowShares)
  const assets = owed < totalBorrowAssets ? owed : totalBorrowAssets
  const after = changed(
    pool,
    {
      totalBorrowAssets: subUint128(totalBorrowAssets, assets),
      totalSupplyAssets: subUint128(totalSupplyAssets, assets),
      totalBorrowShares: subUint128(totalBorrowShares, shares),
    },
    { borrowShares: 0n },
  )
  return { pool: after, assets, shares }
}
