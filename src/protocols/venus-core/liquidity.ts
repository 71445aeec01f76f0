// What an account's collateral counts for against its debts: ComptrollerLens.getHypotheticalAccountLiquidity.
import type { Address } from 'viem'
import type { Env } from '../adapter.ts'
import {
  type Effects,
  type Holding,
  holdingsOf,
  type Sums,
  sumsOf,
  type Valuation,
} from '../compound-v2/account.ts'
import { add } from '../compound-v2/exponential.ts'
import { RefusedError } from '../refusing.ts'
import { effectiveParameters } from './pool-parameters.ts'
import { boundedPriceKeyOf, priceKeyOf, type VenusMarket, type VToken } from './state.ts'
import { vaiDebtDown } from './vai.ts'
import { poolOf, vaiOf, type World } from './world.ts'

const priceAt = (env: Env, key: string, symbol: string): bigint => {
  const reading = env.prices(key)
  if (reading?.kind !== 'price')
    throw new RefusedError(reading?.error ?? `the price of ${symbol} is not read yet`)
  return reading.price
}

/** What the oracle answers for a vToken; one that reverts is a refusal, and so is a price that was not read. */
export const spotPriceIn = (env: Env, { address, symbol }: Pick<VToken, 'address' | 'symbol'>): bigint =>
  priceAt(env, priceKeyOf(address), symbol)

/** What the oracle answers for VAI, asked for only where the rate depends on it. */
export const vaiPriceIn = (env: Env, token: Address) => (): bigint => priceAt(env, priceKeyOf(token), 'VAI')

/** VAI debt by the index as it stands; who has none does not depend on VAI at all. */
export const vaiDebtOf = ({ market, position }: World): bigint => {
  if (position.vai.minted === 0n) return 0n
  const vai = vaiOf(market)
  return vai ? vaiDebtDown(vai, position.vai) : 0n
}

const isEmpty = (tokens: bigint, borrowBalance: bigint): boolean => tokens === 0n && borrowBalance === 0n

/** In liquidations collateral counts by its liquidation threshold, at the oracle's price. */
const liquidationValuation = ({ market, position }: World, env: Env): Valuation<VToken> => ({
  weightOf: (vToken) => effectiveParameters(market, position.poolId, vToken).liquidationThreshold,
  priceOf: (vToken) => spotPriceIn(env, vToken),
  skips: (tokens, borrowBalance) => market.revision === 'core-diamond' && isEmpty(tokens, borrowBalance),
})

/** What a vToken's collateral and debts are priced at in loans: by the oracle that bounds both, where the comptroller has one. */
export const borrowingPricesIn = (
  { boundedOracle }: VenusMarket,
  env: Env,
  vToken: VToken,
): { readonly collateral: bigint; readonly debt: bigint } => {
  const priceOf = (side: 'collateral' | 'debt'): bigint =>
    boundedOracle
      ? priceAt(env, boundedPriceKeyOf(side, vToken.address), vToken.symbol)
      : spotPriceIn(env, vToken)
  return { collateral: priceOf('collateral'), debt: priceOf('debt') }
}

/** In loans it counts by its collateral factor. */
const borrowingValuation = (
  { market, position }: World,
  env: Env,
  modified: Address | undefined,
): Valuation<VToken> => ({
  weightOf: (vToken) => effectiveParameters(market, position.poolId, vToken).collateralFactor,
  priceOf: (vToken) => borrowingPricesIn(market, env, vToken).collateral,
  debtPriceOf: (vToken) => borrowingPricesIn(market, env, vToken).debt,
  skips: (tokens, borrowBalance, { address }) =>
    market.revision === 'core-diamond' && address !== modified && isEmpty(tokens, borrowBalance),
})

const withVai = (world: World, sums: Sums): Sums => ({
  ...sums,
  borrows: add(sums.borrows, vaiDebtOf(world)),
})

/** The entered markets as a liquidation counts them, by their totals as they stand. */
export const liquidationHoldings = (world: World, env: Env): Iterable<Holding<VToken>> =>
  holdingsOf(poolOf(world), liquidationValuation(world, env))

/** Comptroller.getAccountLiquidity, before it takes the difference: liquidation thresholds and spot prices. Refuses as it does. */
export const liquidityOf = (world: World, env: Env): Sums =>
  withVai(world, sumsOf(liquidationHoldings(world, env)))

/** Comptroller.getBorrowingPower, or with effects getHypotheticalAccountLiquidity, before the difference: collateral factors and bounded prices. */
export const borrowingPowerOf = (world: World, env: Env, effects?: Effects): Sums =>
  withVai(world, sumsOf(holdingsOf(poolOf(world), borrowingValuation(world, env, effects?.cToken)), effects))
