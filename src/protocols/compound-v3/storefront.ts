// The protocol's sale of absorbed collateral: reserves, quotes, Comet.buyCollateral.
import type { Address } from 'viem'
import { WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { requireThat } from '../refusing.ts'
import { assetInfoByAddress, priceIn } from './account.ts'
import { accrue, type ReadMarket, totalBorrowDown, totalSupplyDown } from './accrual.ts'
import { mulFactorDown, safe128 } from './math.ts'
import { requireUnpaused, tokenBalance, totalCollateral, transferIn, transferOut } from './movements.ts'

/** Comet.getReserves: base tokens that belong to nobody else, interest accrued to `timestamp`; negative where losses ate them. */
export const reservesAt = (market: ReadMarket, timestamp: number): bigint => {
  const accrued = accrue(market, timestamp)
  const balance = tokenBalance(market, market.configuration.baseToken)
  return balance - totalSupplyDown(accrued) + totalBorrowDown(accrued)
}

/** Comet.getCollateralReserves: what the contract holds of an asset beyond what accounts have put up. */
export const collateralReserves = (market: ReadMarket, asset: Address): bigint =>
  checkedSub(tokenBalance(market, asset), totalCollateral(market, asset))

type Prices = { readonly scale: bigint; readonly discounted: bigint; readonly base: bigint }

/** The asset's price less the discount, a part of its liquidation penalty; both factors and the price are cut. */
const pricesOf = (market: ReadMarket, env: Env, asset: Address): Prices => {
  const { storeFrontPriceFactor, baseTokenPriceFeed } = market.configuration
  const { priceFeed, scale, liquidationFactor } = assetInfoByAddress(market, asset)
  const price = priceIn(env, priceFeed)
  const discount = mulFactorDown(storeFrontPriceFactor, checkedSub(WAD, liquidationFactor))
  const discounted = mulFactorDown(price, checkedSub(WAD, discount))
  return { scale, discounted, base: priceIn(env, baseTokenPriceFeed) }
}

/** Comet.quoteCollateral: what `baseAmount` buys of an asset, cut twice. */
export const quoteCollateralDown = (
  market: ReadMarket,
  env: Env,
  asset: Address,
  baseAmount: bigint,
): bigint => {
  const { scale, discounted, base } = pricesOf(market, env, asset)
  const whole = mulDivDown(checkedUint256(base * baseAmount), scale, discounted)
  return whole / market.configuration.baseScale
}

/** The most that can be paid for no more than `amount` of an asset: the inverse of quoteCollateral. */
export const baseAmountMax = (market: ReadMarket, env: Env, asset: Address, amount: bigint): bigint => {
  const { scale, discounted, base } = pricesOf(market, env, asset)
  return ((amount + 1n) * market.configuration.baseScale * discounted - 1n) / (base * scale)
}

/** A purchase as Comet.buyCollateral takes it. */
export type Purchase = { readonly asset: Address; readonly minAmount: bigint; readonly baseAmount: bigint }

/** Comet.buyCollateral, which accrues nothing. Refuses as the contract does, by throwing. */
export const buyCollateral = (
  market: ReadMarket,
  env: Env,
  { asset, minAmount, baseAmount }: Purchase,
): { readonly market: ReadMarket; readonly collateralAmount: bigint } => {
  requireUnpaused(market, 'buy')
  const { baseToken, targetReserves } = market.configuration
  requireThat(reservesAt(market, env.timestamp) < targetReserves, 'NotForSale')
  const paid = transferIn(market, baseToken, baseAmount)
  const collateralAmount = quoteCollateralDown(paid, env, asset, baseAmount)
  requireThat(collateralAmount >= minAmount, 'TooMuchSlippage')
  requireThat(collateralAmount <= collateralReserves(paid, asset), 'InsufficientReserves')
  return { market: transferOut(paid, asset, safe128(collateralAmount)), collateralAmount }
}
