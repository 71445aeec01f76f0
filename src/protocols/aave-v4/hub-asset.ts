// A hub's asset: its index, its shares, its rate (AssetLogic, SharesMath, AssetInterestRateStrategy).
import { RAY } from '../../units/brands.ts'
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { raisedBy } from '../raising.ts'
import {
  bpsToRay,
  checkedMul,
  checkedUint,
  fromRayUp,
  fullMulDivDown,
  fullMulDivUp,
  linearInterestDown,
  percentMulDown,
  premiumRay,
  rayDivUp,
  rayMulUp,
  toUint,
} from './math.ts'
import type { HubAsset, RateCurve } from './state.ts'

/** SharesMath.VIRTUAL_ASSETS, VIRTUAL_SHARES. */
const VIRTUAL = 10n ** 6n

/** AssetLogic.getDrawnIndex at `timestamp` (s): one linear step, rounded up; it rests while nothing is drawn. */
const drawnIndexUp = (asset: HubAsset, timestamp: number): bigint => {
  const { drawnIndex, drawnRate, drawnShares, premiumShares, lastUpdateTimestamp } = asset
  if (lastUpdateTimestamp === timestamp || (drawnShares === 0n && premiumShares === 0n)) return drawnIndex
  return rayMulUp(drawnIndex, linearInterestDown(drawnRate, BigInt(timestamp - lastUpdateTimestamp)))
}

/** AssetLogic._calculateAggregatedOwedRay: drawn debt, premium debt and deficit at an index. */
const owedRay = (asset: HubAsset, drawnIndex: bigint): bigint =>
  checkedUint256(
    checkedMul(asset.drawnShares, drawnIndex) +
      premiumRay(asset.premiumShares, asset.premiumOffsetRay, drawnIndex) +
      asset.deficitRay,
  )

/** AssetLogic.getUnrealizedFees: the protocol's part of what is owed more since the last accrual. */
const unrealizedFeesDown = (asset: HubAsset, drawnIndex: bigint): bigint => {
  if (asset.drawnIndex === drawnIndex || asset.liquidityFee === 0n) return 0n
  const growth = checkedSub(
    fromRayUp(owedRay(asset, drawnIndex)),
    fromRayUp(owedRay(asset, asset.drawnIndex)),
  )
  return percentMulDown(growth, asset.liquidityFee)
}

/** AssetLogic.accrue: index and fees as of `timestamp` (s). All views of the hub answer as if this had happened. */
export const accrued = (asset: HubAsset, timestamp: number): HubAsset => {
  if (asset.lastUpdateTimestamp === timestamp) return asset
  const drawnIndex = drawnIndexUp(asset, timestamp)
  const fees = toUint(unrealizedFeesDown(asset, drawnIndex), 120n)
  return {
    ...asset,
    realizedFees: checkedUint(asset.realizedFees + fees, 120n),
    drawnIndex: toUint(drawnIndex, 120n),
    lastUpdateTimestamp: timestamp,
  }
}

/** AssetLogic.totalAddedAssets of an accrued asset: what its suppliers own together. */
export const addedAssetsUp = (asset: HubAsset): bigint =>
  checkedSub(asset.liquidity + asset.swept + fromRayUp(owedRay(asset, asset.drawnIndex)), asset.realizedFees)

/** What all added shares of an accrued asset are worth in every conversion, in units of the asset: one is assets / shares. */
export const addedTotals = (asset: HubAsset): { readonly assets: bigint; readonly shares: bigint } => ({
  assets: addedAssetsUp(asset) + VIRTUAL,
  shares: asset.addedShares + VIRTUAL,
})

/** AssetLogic.toAddedAssetsDown and its three siblings, of an accrued asset. */
export const toAddedAssetsDown = (asset: HubAsset, added: bigint): bigint => {
  const { assets, shares } = addedTotals(asset)
  return fullMulDivDown(added, assets, shares)
}
export const toAddedAssetsUp = (asset: HubAsset, added: bigint): bigint => {
  const { assets, shares } = addedTotals(asset)
  return fullMulDivUp(added, assets, shares)
}
export const toAddedSharesDown = (asset: HubAsset, amount: bigint): bigint => {
  const { assets, shares } = addedTotals(asset)
  return fullMulDivDown(amount, shares, assets)
}
export const toAddedSharesUp = (asset: HubAsset, amount: bigint): bigint => {
  const { assets, shares } = addedTotals(asset)
  return fullMulDivUp(amount, shares, assets)
}

/** AssetInterestRateStrategy.calculateInterestRate: a ray per year, every step rounded up. */
const rateUp = (curve: RateCurve, liquidity: bigint, drawn: bigint, swept: bigint): bigint => {
  const base = bpsToRay(curve.baseDrawnRate)
  if (drawn === 0n) return base
  const usage = rayDivUp(drawn, liquidity + drawn + swept)
  const optimal = bpsToRay(curve.optimalUsageRatio)
  const before = bpsToRay(curve.rateGrowthBeforeOptimal)
  if (usage <= optimal) return base + rayDivUp(rayMulUp(before, usage), optimal)
  const after = bpsToRay(curve.rateGrowthAfterOptimal)
  return base + before + rayDivUp(rayMulUp(after, usage - optimal), RAY - optimal)
}

/** AssetLogic.updateDrawnRate of an accrued asset. */
export const withDrawnRate = (asset: HubAsset): HubAsset => {
  const { rateCurve, liquidity, drawnShares, drawnIndex, swept } = asset
  if (!rateCurve) return asset
  const rate = rateUp(rateCurve, liquidity, rayMulUp(drawnShares, drawnIndex), swept)
  return { ...asset, drawnRate: toUint(raisedBy(rate, rateCurve.rise), 96n) }
}
