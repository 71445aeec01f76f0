// Spoke.liquidationCall executed on a state: checks, amounts, both sides, then the deficit or the new risk premium.
import type { Address } from 'viem'
import type { LiquidationRequest } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import { checkedSub } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { type Account, accountOf } from './account.ts'
import { toAddedAssetsDown } from './hub-asset.ts'
import { payFeeShares, remove, reportDeficit, restore } from './hub-movements.ts'
import { type Amounts, amountsOf, LIQUIDATION_THRESHOLD, type Pair } from './liquidation-amounts.ts'
import { fromRayUp, rayMulUp } from './math.ts'
import { assetOf, dynamicConfigOf, type Pool, priceOf, reserveOf, withUserReserve } from './pool.ts'
import { type Debt, debtOf, type PremiumDelta, premiumDeltaOf, withDebtTaken } from './premium.ts'
import { notifyRiskPremium } from './risk-premium.ts'
import { isBorrowed, type Reserve, userReserveOf, userReserves } from './state.ts'

/**
 * Spoke.liquidationCall. An asset may be listed twice, so reserves go by their ids. `receiveShares`: the collateral stays
 * in the spoke, as the liquidator's supply. `liquidator` only matters where it is the borrower.
 */
export type AaveV4Request = LiquidationRequest & {
  readonly collateralReserveId: number
  readonly debtReserveId: number
  readonly receiveShares?: boolean
  readonly liquidator?: Address
}

/** A debt that nobody repays. */
export type Deficit = { readonly reserve: Reserve; readonly debt: Debt; readonly delta: PremiumDelta }

/** What a liquidation did. `amountRestored` and `amountRemoved` in units of the debt and the collateral asset. */
export type Execution = {
  readonly before: Account
  readonly collateral: Reserve
  readonly debt: Reserve
  readonly amounts: Amounts
  readonly amountRestored: bigint
  readonly amountRemoved: bigint
  /** What the liquidator gets, in units of the collateral asset or as supply worth as much. */
  readonly amountToLiquidator: bigint
  readonly premiumDelta: PremiumDelta
  readonly deficits: readonly Deficit[]
  readonly pool: Pool
}

type Parties = {
  readonly pool: Pool
  readonly account: Account
  readonly collateral: Reserve
  readonly debt: Reserve
}

/** LiquidationLogic._validateLiquidationCall, in its order. */
const validate = ({ pool, account, collateral, debt }: Parties, request: AaveV4Request): void => {
  const { position } = pool
  const { suppliedShares, dynamicConfigKey, isCollateral } = userReserveOf(position, collateral.id)
  requireThat(request.liquidator !== position.owner, 'SelfLiquidation')
  requireThat(request.repay !== 0n, 'InvalidDebtToCover')
  requireThat(!collateral.paused && !debt.paused, 'ReservePaused')
  requireThat(suppliedShares > 0n, 'ReserveNotSupplied')
  requireThat(isBorrowed(userReserveOf(position, debt.id)), 'ReserveNotBorrowed')
  requireThat(account.healthFactor < LIQUIDATION_THRESHOLD, 'HealthFactorNotBelowThreshold')
  const isEnabled = isCollateral && dynamicConfigOf(pool, collateral, dynamicConfigKey).collateralFactor > 0n
  requireThat(isEnabled, 'ReserveNotEnabledAsCollateral')
  if (request.receiveShares)
    requireThat(!collateral.frozen && collateral.receiveSharesEnabled, 'CannotReceiveShares')
}

const pairOf = ({ pool, account, collateral, debt }: Parties): Pair => {
  const { suppliedShares, dynamicConfigKey } = userReserveOf(pool.position, collateral.id)
  return {
    healthFactor: account.healthFactor,
    totalDebtValueRay: account.totalDebtValueRay,
    liquidationConfig: pool.spoke.liquidationConfig,
    config: dynamicConfigOf(pool, collateral, dynamicConfigKey),
    collateral: {
      decimals: collateral.decimals,
      price: priceOf(pool, collateral),
      asset: assetOf(pool, collateral),
      suppliedShares,
    },
    debt: {
      decimals: debt.decimals,
      price: priceOf(pool, debt),
      ...debtOf(userReserveOf(pool.position, debt.id), assetOf(pool, debt).drawnIndex),
    },
  }
}

/** LiquidationLogic._liquidateCollateral: paid out of the hub or left as the liquidator's supply, the fee in shares. */
const takeCollateral = (
  pool: Pool,
  collateral: Reserve,
  { collateralShares, liquidatorShares }: Amounts,
  receiveShares: boolean,
): Pick<Execution, 'pool' | 'amountRemoved' | 'amountToLiquidator'> => {
  const { suppliedShares } = userReserveOf(pool.position, collateral.id)
  const asset = assetOf(pool, collateral)
  const amountRemoved = toAddedAssetsDown(asset, collateralShares)
  const amountToLiquidator = toAddedAssetsDown(asset, liquidatorShares)
  const feeShares = collateralShares - liquidatorShares
  let after = withUserReserve(pool, collateral, {
    suppliedShares: checkedSub(suppliedShares, collateralShares),
  })
  if (liquidatorShares > 0n && !receiveShares) after = remove(after, collateral, amountToLiquidator).pool
  if (feeShares > 0n) after = payFeeShares(after, collateral, feeShares)
  return { pool: after, amountRemoved, amountToLiquidator }
}

/** LiquidationLogic._liquidateDebt. */
const repayDebt = (
  pool: Pool,
  debt: Reserve,
  { drawnShares, premiumRay }: Amounts,
): Pick<Execution, 'pool' | 'amountRestored' | 'premiumDelta'> => {
  const { drawnIndex } = assetOf(pool, debt)
  const userReserve = userReserveOf(pool.position, debt.id)
  const delta = premiumDeltaOf(userReserve, drawnIndex, pool.position.riskPremium, {
    drawnShares,
    premiumRay,
  })
  const drawnAmount = rayMulUp(drawnShares, drawnIndex)
  const restored = restore(pool, debt, drawnAmount, delta)
  return {
    pool: withUserReserve(restored, debt, withDebtTaken(userReserve, delta, drawnShares)),
    amountRestored: drawnAmount + fromRayUp(premiumRay),
    premiumDelta: delta,
  }
}

/** LiquidationLogic.notifyReportDeficit: every debt that is left is written off, from the last reserve to the first. */
const writeOff = (pool: Pool): Pick<Execution, 'pool' | 'deficits'> => {
  const deficits: Deficit[] = []
  let after: Pool = { ...pool, position: { ...pool.position, riskPremium: 0n } }
  for (const [id, userReserve] of [...userReserves(pool.position)].reverse()) {
    if (!isBorrowed(userReserve)) continue
    const reserve = reserveOf(after, id)
    const debt = debtOf(userReserve, assetOf(after, reserve).drawnIndex)
    const delta = premiumDeltaOf(userReserve, debt.drawnIndex, 0n, debt)
    after = reportDeficit(after, reserve, rayMulUp(debt.drawnShares, debt.drawnIndex), delta)
    after = withUserReserve(after, reserve, withDebtTaken(userReserve, delta, debt.drawnShares))
    deficits.push({ reserve, debt, delta })
  }
  return { pool: after, deficits }
}

/** LiquidationLogic._evaluateDeficit: the last collateral that counted is used up, and debt is left. */
const isInDeficit = ({ collaterals }: Account, { position }: Pool, collateral: Reserve): boolean =>
  userReserveOf(position, collateral.id).suppliedShares === 0n &&
  collaterals.length <= 1 &&
  userReserves(position).some(([, one]) => isBorrowed(one))

/** The state behind a liquidation in this block; throws the contract's refusal. */
export const executeLiquidation = (pool: Pool, request: AaveV4Request): Execution => {
  const account = accountOf(pool)
  const collateral = reserveOf(pool, request.collateralReserveId)
  const debt = reserveOf(pool, request.debtReserveId)
  const parties = { pool, account, collateral, debt }
  validate(parties, request)
  const amounts = amountsOf(pairOf(parties), request.repay ?? UINT256_MAX)
  const taken = takeCollateral(pool, collateral, amounts, request.receiveShares ?? false)
  const repaid = repayDebt(taken.pool, debt, amounts)
  const settled = isInDeficit(account, repaid.pool, collateral)
    ? writeOff(repaid.pool)
    : { pool: notifyRiskPremium(repaid.pool, accountOf(repaid.pool).riskPremium), deficits: [] }
  return { before: account, collateral, debt, amounts, ...taken, ...repaid, ...settled }
}
