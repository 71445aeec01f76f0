// Risk parameters of an account's pool: MarketFacet.getLiquidationParams.
import { CORE_POOL_ID, type PoolMarket, type RiskParameters, type VenusMarket, type VToken } from './state.ts'

const NOTHING: PoolMarket = {
  collateralFactor: 0n,
  liquidationThreshold: 0n,
  liquidationIncentive: 0n,
  isListed: false,
  isBorrowAllowed: false,
}

/** A vToken's entry in a pool; one that it has no part in is all zeros. */
export const poolMarketOf = ({ pools }: VenusMarket, poolId: string, vToken: VToken): PoolMarket =>
  poolId === CORE_POOL_ID ? vToken : (pools[poolId]?.markets[vToken.address] ?? NOTHING)

/**
 * What holds for an account of the pool (getEffectiveLtvFactor, getEffectiveLiquidationIncentive). An inactive pool counts
 * as the core pool; a market outside of a pool as in the core pool if the pool falls back on it, else for nothing.
 */
export const effectiveParameters = (market: VenusMarket, poolId: string, vToken: VToken): RiskParameters => {
  const pool = market.pools[poolId]
  if (poolId === CORE_POOL_ID || !pool?.isActive) return vToken
  const own = poolMarketOf(market, poolId, vToken)
  return !own.isListed && pool.allowCorePoolFallback ? vToken : own
}
