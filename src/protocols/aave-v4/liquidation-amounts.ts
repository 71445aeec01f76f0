// How much debt and how much collateral a liquidation takes (LiquidationLogic): as much as brings the account to its
// target health, or everything where a rest would be dust.
import { BPS, RAY, WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256 } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { toAddedAssetsDown, toAddedAssetsUp, toAddedSharesDown } from './hub-asset.ts'
import {
  bpsToWad,
  checkedMul,
  divUp,
  fromRayUp,
  fullMulDivDown,
  fullMulDivUp,
  percentMulDown,
  percentMulUp,
  rayMulUp,
  roundRayUp,
  shortMulDivDown,
  shortMulDivUp,
  toRay,
  toValue,
  toWad,
} from './math.ts'
import { type Debt, debtRayOf } from './premium.ts'
import type { DynamicConfig, HubAsset, LiquidationConfig } from './state.ts'

/** LiquidationLogic.DUST_LIQUIDATION_THRESHOLD: 1000 US dollars, 1e26 each. */
const DUST_VALUE = 1000n * 10n ** 26n

/** LiquidationLogic.HEALTH_FACTOR_LIQUIDATION_THRESHOLD. */
export const LIQUIDATION_THRESHOLD = WAD

/** What is being liquidated: an account's health and debts, its supply of one reserve and its debt of another. */
export type Pair = {
  readonly healthFactor: bigint
  readonly totalDebtValueRay: bigint
  readonly liquidationConfig: LiquidationConfig
  readonly collateral: Side & { readonly asset: HubAsset; readonly suppliedShares: bigint }
  readonly config: DynamicConfig
  readonly debt: Side & Debt
}

type Side = { readonly decimals: number; readonly price: bigint }

/** Debt that is repaid: drawn shares, and premium debt in units of the asset as a ray. */
export type Repaid = Pick<Debt, 'drawnShares' | 'premiumRay'>

export type Amounts = Repaid & {
  readonly collateralShares: bigint
  /** Of these, what the liquidator gets; the rest is the protocol's. */
  readonly liquidatorShares: bigint
}

const unitOf = ({ decimals }: Side): bigint => 10n ** BigInt(decimals)

const minOf = (first: bigint, ...others: readonly bigint[]): bigint =>
  others.reduce((least, one) => (one < least ? one : least), first)

/** LiquidationLogic.calculateLiquidationBonus, bps: from least at a health factor of one to most at `healthFactorForMaxBonus`, cut. */
export const bonusDown = (
  { healthFactorForMaxBonus, liquidationBonusFactor }: LiquidationConfig,
  { maxLiquidationBonus }: DynamicConfig,
  healthFactor: bigint,
): bigint => {
  if (healthFactor <= healthFactorForMaxBonus) return maxLiquidationBonus
  const least = percentMulDown(checkedSub(maxLiquidationBonus, BPS), liquidationBonusFactor) + BPS
  return (
    least +
    shortMulDivDown(
      maxLiquidationBonus - least,
      checkedSub(LIQUIDATION_THRESHOLD, healthFactor),
      LIQUIDATION_THRESHOLD - healthFactorForMaxBonus,
    )
  )
}

/** LiquidationLogic._calculateDebtToTargetHealthFactor: debt whose repayment brings the account to its target, a ray, rounded up. */
const debtRayToTargetUp = (pair: Pair, bonus: bigint): bigint => {
  const { healthFactor, totalDebtValueRay, config, debt } = pair
  const { targetHealthFactor } = pair.liquidationConfig
  const penalty = percentMulUp(bpsToWad(bonus), config.collateralFactor)
  return fullMulDivUp(
    totalDebtValueRay,
    checkedMul(unitOf(debt), checkedSub(targetHealthFactor, healthFactor)),
    checkedMul(checkedSub(targetHealthFactor, penalty), toWad(debt.price)),
  )
}

/** Drawn shares to take after all premium debt, no more than `repay` pays for. */
const drawnSharesWithin = (debt: Debt, repay: bigint, rayToTarget: bigint): bigint => {
  if (debt.premiumRay >= rayToTarget) return 0n
  const toTarget = divUp(rayToTarget - debt.premiumRay, debt.drawnIndex)
  const toCover = fullMulDivDown(checkedSub(repay, fromRayUp(debt.premiumRay)), RAY, debt.drawnIndex)
  return minOf(toTarget, toCover, debt.drawnShares)
}

/** LiquidationLogic._calculateDebtToLiquidate: premium debt first, then drawn shares; all of it where less than dust would be left. */
const debtToTake = (pair: Pair, bonus: bigint, repay: bigint): Repaid => {
  const { debt } = pair
  const rayToTarget = debtRayToTargetUp(pair, bonus)
  const wanted = minOf(roundRayUp(rayToTarget), debt.premiumRay)
  const premiumRay = repay < fromRayUp(wanted) ? toRay(repay) : wanted
  const drawnShares = premiumRay === debt.premiumRay ? drawnSharesWithin(debt, repay, rayToTarget) : 0n
  const leftRay = debtRayOf({
    ...debt,
    drawnShares: debt.drawnShares - drawnShares,
    premiumRay: debt.premiumRay - premiumRay,
  })
  const isDust =
    drawnShares < debt.drawnShares &&
    toValue(checkedUint256(leftRay), debt.decimals, debt.price) < toRay(DUST_VALUE)
  return isDust ? debt : { drawnShares, premiumRay }
}

/** LiquidationLogic._calculateCollateralToLiquidate: supplied shares worth the debt and its bonus, rounded down twice. */
const collateralSharesDown = (
  { collateral, debt }: Pair,
  bonus: bigint,
  { drawnShares, premiumRay }: Repaid,
): bigint => {
  const amount = fullMulDivDown(
    checkedUint256(debtRayOf({ ...debt, drawnShares, premiumRay })),
    checkedMul(debt.price, unitOf(collateral), bonus),
    checkedMul(unitOf(debt), collateral.price, BPS, RAY),
  )
  return toAddedSharesDown(collateral.asset, amount)
}

/** What all of the collateral repays, rounded up. */
const debtForAllCollateral = (pair: Pair, bonus: bigint): Repaid & { readonly isCapped: boolean } => {
  const { collateral, debt } = pair
  const ray = fullMulDivUp(
    toAddedAssetsUp(collateral.asset, collateral.suppliedShares),
    checkedMul(collateral.price, unitOf(debt), BPS, RAY),
    checkedMul(debt.price, unitOf(collateral), bonus),
  )
  if (ray <= debt.premiumRay)
    return { premiumRay: minOf(roundRayUp(ray), debt.premiumRay), drawnShares: 0n, isCapped: false }
  const drawnShares = divUp(ray - debt.premiumRay, debt.drawnIndex)
  return {
    premiumRay: debt.premiumRay,
    drawnShares: minOf(drawnShares, debt.drawnShares),
    isCapped: drawnShares > debt.drawnShares,
  }
}

const isDustLeft = ({ collateral }: Pair, taken: bigint): boolean => {
  if (taken >= collateral.suppliedShares) return false
  const left = toAddedAssetsDown(collateral.asset, collateral.suppliedShares - taken)
  return toValue(left, collateral.decimals, collateral.price) < DUST_VALUE
}

/** Debt and collateral, each of them whole where a rest of it would be dust or the other one asks for more. */
const sidesOf = (
  pair: Pair,
  bonus: bigint,
  repay: bigint,
): Repaid & { readonly collateralShares: bigint } => {
  const { suppliedShares } = pair.collateral
  const { drawnShares, premiumRay } = debtToTake(pair, bonus, repay)
  const collateralShares = collateralSharesDown(pair, bonus, { drawnShares, premiumRay })
  const takesAllCollateral =
    collateralShares > suppliedShares ||
    (isDustLeft(pair, collateralShares) && drawnShares < pair.debt.drawnShares)
  if (!takesAllCollateral) return { drawnShares, premiumRay, collateralShares }
  const { isCapped, ...repaid } = debtForAllCollateral(pair, bonus)
  const worth = isCapped ? collateralSharesDown(pair, bonus, repaid) : suppliedShares
  return { ...repaid, collateralShares: minOf(worth, suppliedShares) }
}

/** LiquidationLogic._calculateLiquidationAmounts of a payment of at most `repay` units of the debt asset, which has to suffice. */
export const amountsOf = (pair: Pair, repay: bigint): Amounts => {
  const bonus = bonusDown(pair.liquidationConfig, pair.config, pair.healthFactor)
  const { drawnShares, premiumRay, collateralShares } = sidesOf(pair, bonus, repay)
  const needed = rayMulUp(drawnShares, pair.debt.drawnIndex) + fromRayUp(premiumRay)
  requireThat(repay >= needed, 'MustNotLeaveDust')
  const fee = shortMulDivUp(collateralShares, pair.config.liquidationFee * (bonus - BPS), bonus * BPS)
  return { drawnShares, premiumRay, collateralShares, liquidatorShares: checkedSub(collateralShares, fee) }
}
