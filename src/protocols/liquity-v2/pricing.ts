// Prices that a branch's feed tells, in BOLD for one collateral, and what amounts are worth by them.
import type { Address } from 'viem'
import type { AssetAmount } from '../../model/liquidation.ts'
import type { PriceKey } from '../../model/price.ts'
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { RefusedError } from '../refusing.ts'
import type { ReadBranch } from './accrual.ts'
import {
  type BranchMarket,
  type LiquityMarket,
  priceKeyOf,
  REGISTRY,
  redemptionPriceKeyOf,
  type Token,
} from './state.ts'

/** A refusal because of a price: in the feed's words, or because it is not read yet. */
export class PriceRefusedError extends RefusedError {
  readonly priceFeed: Address
  readonly reason: 'price-failed' | 'not-yet-read'
  constructor(priceFeed: Address, revert?: string) {
    super(revert ?? 'the price is not read yet')
    this.priceFeed = priceFeed
    this.reason = revert === undefined ? 'not-yet-read' : 'price-failed'
  }
}

const priceAt = (env: Env, priceFeed: Address, key: PriceKey): bigint => {
  const reading = env.prices(key)
  if (!reading) throw new PriceRefusedError(priceFeed)
  if (reading.kind === 'failed') throw new PriceRefusedError(priceFeed, reading.error)
  return reading.price
}

/** PriceFeed.fetchPrice, a wad: what health and liquidations go by. */
export const priceIn = (env: Env, { setup }: ReadBranch): bigint =>
  priceAt(env, setup.contracts.priceFeed, priceKeyOf(setup.contracts.priceFeed))

/** PriceFeed.fetchRedemptionPrice, a wad: what redemptions pay by. */
export const redemptionPriceIn = (env: Env, { setup }: ReadBranch): bigint =>
  priceAt(env, setup.contracts.priceFeed, redemptionPriceKeyOf(setup.contracts.priceFeed))

const amountOf = (
  { address: asset, symbol, decimals }: Token,
  amount: bigint,
  value: bigint,
): AssetAmount => ({
  asset,
  symbol,
  decimals,
  amount,
  value,
})

/** Collateral, and its value in BOLD, cut. */
export const collateralOf = ({ collateral }: ReadBranch, amount: bigint, price: bigint): AssetAmount =>
  amountOf(collateral, amount, mulDivDown(amount, price, WAD))

/** BOLD, at one for one. */
export const boldOf = ({ bold }: Pick<ReadBranch, 'bold'>, amount: bigint): AssetAmount =>
  amountOf(bold, amount, amount)

/** The price of the token that gas is compensated in, by the branch that takes it as collateral; undefined where none does. */
const wethPriceIn = (env: Env, { weth }: ReadBranch): bigint | undefined => {
  const registry = env.markets(REGISTRY) as LiquityMarket | undefined
  for (const name of registry?.isShared ? registry.branches : []) {
    const market = env.markets(name) as BranchMarket | undefined
    const priceFeed =
      market?.collateral.address === weth.address ? market.setup?.contracts.priceFeed : undefined
    const reading = priceFeed && env.prices(priceKeyOf(priceFeed))
    if (reading?.kind === 'price') return reading.price
  }
  return undefined
}

/** WETH, and its value in BOLD, cut; worth nothing where no branch prices it. */
export const wethOf = (branch: ReadBranch, amount: bigint, env: Env): AssetAmount =>
  amountOf(branch.weth, amount, mulDivDown(amount, wethPriceIn(env, branch) ?? 0n, WAD))
