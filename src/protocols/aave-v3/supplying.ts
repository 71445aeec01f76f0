// SupplyLogic.executeSupply and executeWithdraw, step by step.
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { type AccountLeg, accountOf, categoryOf } from './account.ts'
import { decodeConfiguration, isBorrowingAny, isUsingAsCollateral } from './configuration.ts'
import { mayJoinCollateral } from './isolation.ts'
import {
  moveCollateral,
  moveSupply,
  moveUnderlying,
  moveVirtual,
  type Pool,
  type Scene,
  setCollateral,
} from './movements.ts'
import { refuseFault, requireAccount, requireThat } from './refusing.ts'
import type { ActionMath } from './revisions/revision.ts'
import { withReserve } from './state.ts'

/** What the account holds, in scaled aTokens. A supply that is not used as collateral may not have been read: then nobody knows. */
const heldIn = ({ pool, reserve }: Scene): bigint => {
  const leg = pool.position.legs[reserve.asset]
  if (leg) return leg.scaledCollateral
  return refuseFault({ reason: 'not-yet-read', detail: `the account's balance of ${reserve.symbol}` })
}

/** ValidationLogic.validateSupply, in its order. */
const validateSupply = ({ reserve, revision }: Scene, amount: bigint, scaled: bigint): void => {
  const { checksScaled } = revision.actions
  const { isActive, isPaused, isFrozen, supplyCap, decimals } = decodeConfiguration(reserve.configuration)
  requireThat(revision, (checksScaled ? scaled : amount) !== 0n, 'zero-amount')
  requireThat(revision, isActive, 'inactive')
  requireThat(revision, !isPaused, 'paused')
  requireThat(revision, !isFrozen, 'frozen')
  const { totals, accruedToTreasury, liquidityIndex } = reserve
  if (supplyCap === 0n || !totals) return
  const total = totals.scaledSupply + accruedToTreasury
  const supplied = checksScaled
    ? revision.account.collateralBalance(total + scaled, liquidityIndex)
    : revision.account.collateralBalance(total, liquidityIndex) + amount
  requireThat(revision, supplied <= supplyCap * 10n ** BigInt(decimals), 'supply-cap')
}

/** The LTV that decides about collateral: until 3.5 the reserve's own, since then the account's (ValidationLogic.getUserReserveLtv). */
const decidingLtv = ({ pool, reserve, revision }: Scene): bigint => {
  const configuration = decodeConfiguration(reserve.configuration)
  if (!revision.actions.usesCategoryLtv) return configuration.ltv
  const category = categoryOf(pool.market, pool.position.eMode)
  if (category && 'reason' in category) return refuseFault(category)
  const isInCategory =
    category !== undefined &&
    revision.account.isInCategory(category, pool.position.eMode, reserve.id, configuration)
  return revision.account.ltv(configuration, reserve.id, category, isInCategory)
}

/** Pool.supply: the first of an asset is used as collateral, if it may be. */
export const supply = (scene: Scene, amount: bigint): Pool => {
  const { pool, reserve, revision } = scene
  const scaled = revision.tokens.collateralMintScaled(amount, reserve.liquidityIndex)
  validateSupply(scene, amount, scaled)
  requireThat(revision, scaled !== 0n, 'zero-mint')
  const paid = moveSupply(moveUnderlying(moveVirtual(reserve, amount), amount), scaled)
  const isEnabled =
    heldIn(scene) === 0n && decidingLtv(scene) !== 0n && mayJoinCollateral(pool, revision, reserve)
  const supplied = moveCollateral(pool.position, paid, scaled)
  return {
    market: withReserve(pool.market, paid),
    position: isEnabled ? setCollateral(supplied, paid, true) : supplied,
  }
}

/** Amount and scaled amount of a withdrawal, once the pool accepts them (ValidationLogic.validateWithdraw, in its order). */
const acceptedWithdrawal = (scene: Scene, amount: bigint) => {
  const { reserve, revision } = scene
  const { account, tokens, actions } = revision
  const held = heldIn(scene)
  const balance = account.collateralBalance(held, reserve.liquidityIndex)
  const isAll = amount === UINT256_MAX
  const asked = isAll ? balance : amount
  const scaled =
    isAll && actions.checksScaled ? held : tokens.collateralBurnScaled(asked, reserve.liquidityIndex)
  const { isActive, isPaused } = decodeConfiguration(reserve.configuration)
  requireThat(revision, (actions.checksScaled ? scaled : asked) !== 0n, 'zero-amount')
  requireThat(revision, actions.checksScaled ? scaled <= held : asked <= balance, 'balance')
  requireThat(revision, isActive, 'inactive')
  requireThat(revision, !isPaused, 'paused')
  return { asked, scaled, isWhole: actions.checksScaled ? scaled === held : asked === balance }
}

const hasNoLtv =
  ({ usesCategoryLtv }: ActionMath) =>
  ({ isCollateral, ltv, configuration }: AccountLeg): boolean =>
    isCollateral && (usesCategoryLtv ? ltv : configuration.ltv) === 0n

/** ValidationLogic.validateHFAndLtv, since 3.5 validateHFAndLtvzero: who holds collateral without LTV has to withdraw that first. */
const validateLeft = (scene: Scene, { market, position }: Pool): void => {
  const { revision, env } = scene
  const account = requireAccount(accountOf(market, position, env))
  requireThat(revision, account.totals.healthFactor >= WAD, 'unhealthy')
  if (account.legs.some(hasNoLtv(revision.actions)))
    requireThat(revision, decidingLtv(scene) === 0n, 'no-ltv')
}

/** Pool.withdraw to the account itself. */
export const withdraw = (scene: Scene, amount: bigint): Pool => {
  const { pool, reserve, revision } = scene
  const { asked, scaled, isWhole } = acceptedWithdrawal(scene, amount)
  const counted = moveVirtual(reserve, -asked)
  requireThat(revision, scaled !== 0n, 'zero-burn')
  const paid = moveUnderlying(moveSupply(counted, -scaled), -asked)
  const wasCollateral = isUsingAsCollateral(pool.position.userConfiguration, reserve.id)
  const taken = moveCollateral(pool.position, paid, -scaled)
  const after: Pool = {
    market: withReserve(pool.market, paid),
    position: isWhole ? setCollateral(taken, paid, false) : taken,
  }
  if (wasCollateral && isBorrowingAny(after.position.userConfiguration)) validateLeft(scene, after)
  return after
}
