// A loan as Comet judges it: collateral, held asset by held asset, against debt.
import type { Address } from 'viem'
import type { Env } from '../adapter.ts'
import { RefusedError } from '../refusing.ts'
import type { Pool, ReadMarket } from './accrual.ts'
import {
  balanceTowardZero,
  checkedInt256,
  mulFactorDown,
  mulPriceDown,
  signed256,
  signedMulPriceTowardZero,
} from './math.ts'
import { type AssetInfo, isHeld, priceKeyOf } from './state.ts'

/** A refusal because of a price, by its feed: in the contract's words, or because it is not read yet. */
export class PriceRefusedError extends RefusedError {
  readonly priceFeed: Address
  readonly reason: 'price-failed' | 'not-yet-read'
  constructor(priceFeed: Address, revert?: string) {
    super(revert ?? 'the price is not read yet')
    this.priceFeed = priceFeed
    this.reason = revert === undefined ? 'not-yet-read' : 'price-failed'
  }
}

/** Comet.getPrice: scaled by 1e8; what the feed refuses, or a price that is none, refuses whatever asks for it. */
export const priceIn = (env: Env, priceFeed: Address): bigint => {
  const reading = env.prices(priceKeyOf(priceFeed))
  if (!reading) throw new PriceRefusedError(priceFeed)
  if (reading.kind === 'failed') throw new PriceRefusedError(priceFeed, reading.error)
  if (reading.price <= 0n) throw new PriceRefusedError(priceFeed, 'BadPrice')
  return reading.price
}

/** Comet.getAssetInfo. A classic Comet with more than twelve assets cannot tell the thirteenth. */
const assetInfo = ({ configuration }: ReadMarket, offset: number): AssetInfo => {
  const info = configuration.assets[offset]
  if (!info) throw new RefusedError(configuration.assetError ?? 'BadAsset')
  return info
}

/** Comet.getAssetInfoByAddress. */
export const assetInfoByAddress = (market: ReadMarket, asset: Address): AssetInfo => {
  for (let offset = 0; offset < market.configuration.numAssets; offset += 1) {
    const info = assetInfo(market, offset)
    if (info.asset === asset) return info
  }
  throw new RefusedError('BadAsset')
}

/** A collateral that the account holds, in units of the asset. */
export type Held = { readonly info: AssetInfo; readonly amount: bigint }

/** Collateral in the order in which the contract looks at it; each asset is looked up only when it is reached. */
export function* heldAssets({ market, position }: Pool): Generator<Held> {
  for (let offset = 0; offset < market.configuration.numAssets; offset += 1) {
    if (!isHeld(position.assetsIn, offset)) continue
    const info = assetInfo(market, offset)
    yield { info, amount: position.collateral[info.asset] ?? 0n }
  }
}

/** What a collateral is worth by its feed, in the market's quote, cut. */
export const valueDown = ({ info, amount }: Held, env: Env): bigint =>
  mulPriceDown(amount, priceIn(env, info.priceFeed), info.scale)

/** What the account owes (negative) or has lent, in units of the base token, at the market's indices. */
export const balanceOf = ({ market, position }: Pool): bigint =>
  balanceTowardZero(position.principal, market.totals)

/** The balance in the market's quote, cut toward zero. */
export const balanceValue = (pool: Pool, env: Env): bigint => {
  const { baseTokenPriceFeed, baseScale } = pool.market.configuration
  return signedMulPriceTowardZero(balanceOf(pool), priceIn(env, baseTokenPriceFeed), baseScale)
}

/**
 * The loop that isLiquidatable and isBorrowCollateralized share, at the indices of `pool`. Without debt no feed is read;
 * with debt the base feed first, then those of held assets in order, until the debt is covered: a feed beyond does not matter.
 */
const isCovered = (
  pool: Pool,
  env: Env,
  factor: 'borrowCollateralFactor' | 'liquidateCollateralFactor',
): boolean => {
  if (pool.position.principal >= 0n) return true
  let liquidity = balanceValue(pool, env)
  for (const held of heldAssets(pool)) {
    if (liquidity >= 0n) return true
    const weighed = mulFactorDown(valueDown(held, env), held.info[factor])
    liquidity = checkedInt256(liquidity + signed256(weighed))
  }
  return liquidity >= 0n
}

/** Comet.isBorrowCollateralized: whether the account may keep a debt of this size. */
export const isBorrowCollateralized = (pool: Pool, env: Env): boolean =>
  isCovered(pool, env, 'borrowCollateralFactor')

/** Comet.isLiquidatable: whether absorb may take the account. At stored indices what the view says, at accrued ones what absorb does. */
export const isLiquidatable = (pool: Pool, env: Env): boolean =>
  !isCovered(pool, env, 'liquidateCollateralFactor')
