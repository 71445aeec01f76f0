// BorrowLogic.executeBorrow and executeRepay, step by step.
import { WAD } from '../../units/brands.ts'
import { accountOf, categoryOf, priceOf } from './account.ts'
import { decodeConfiguration, isBorrowingAny, isInBitmap } from './configuration.ts'
import { moveIsolatedDebt, requireNotSiloed, requireWithinCeiling } from './isolation.ts'
import { percentDivHalfUp, percentDivUp, valueDown } from './math.ts'
import { moveDebt, moveUnderlying, moveVirtual, type Pool, type Scene, setBorrowing } from './movements.ts'
import { refuseFault, requireAccount, requireThat } from './refusing.ts'
import type { Refusal } from './revisions/revision.ts'
import { burnStable } from './stable-debt.ts'
import { type EModeCategory, withReserve } from './state.ts'

const categoryIn = ({ pool }: Scene): EModeCategory | undefined => {
  const category = categoryOf(pool.market, pool.position.eMode)
  return category && 'reason' in category ? refuseFault(category) : category
}

const requireIn =
  ({ revision }: Scene) =>
  (condition: boolean, refusal: Refusal): void =>
    requireThat(revision, condition, refusal)

/** Whether the account's category lets it borrow the asset: by its bitmap since 3.2, by membership before. */
const isBorrowableIn = (category: EModeCategory, { pool, reserve, revision }: Scene): boolean =>
  revision.state.hasLiquidEModes
    ? isInBitmap(category.borrowableBitmap, reserve.id)
    : decodeConfiguration(reserve.configuration).eMode === pool.position.eMode

/** What the flags of the reserve, and the account's category, say about borrowing it. */
const validateFlags = (scene: Scene): void => {
  const require = requireIn(scene)
  const configuration = decodeConfiguration(scene.reserve.configuration)
  const category = scene.revision.actions.categoryAllowsBorrowing ? categoryIn(scene) : undefined
  require(configuration.isActive, 'inactive')
  require(!configuration.isPaused, 'paused')
  require(!configuration.isFrozen, 'frozen')
  if (category) require(isBorrowableIn(category, scene), 'not-borrowable-in-e-mode')
  else require(configuration.isBorrowingEnabled, 'borrowing-off')
}

/** The sentinel's word on borrowing; one that does not answer refuses. */
const isRefusedBySentinel = ({ pool: { market }, revision }: Scene): boolean =>
  revision.liquidation.hasSentinel &&
  market.sentinel !== undefined &&
  !('isBorrowAllowed' in market.sentinel && market.sentinel.isBorrowAllowed)

/** What the reserve's totals allow. `amount` is what the new debt is worth, `scaled` what is minted. */
const validateTotals = (scene: Scene, amount: bigint, scaled: bigint): void => {
  const { reserve, revision, env } = scene
  const { account, actions, state } = revision
  const { totals, liquidityIndex, variableBorrowIndex } = reserve
  const { borrowCap, decimals, isVirtualAccountingActive } = decodeConfiguration(reserve.configuration)
  const require = requireIn(scene)
  const isLimited =
    actions.isLimitedBySupply && (!state.isVirtualBalanceOptional || isVirtualAccountingActive)
  if (totals && isLimited)
    require(account.collateralBalance(totals.scaledSupply, liquidityIndex) >= amount, 'zero-amount')
  require(!isRefusedBySentinel(scene), 'sentinel')
  if (!totals || borrowCap === 0n) return
  const owed = actions.checksScaled
    ? account.variableDebtBalance(totals.scaledVariableDebt + scaled, variableBorrowIndex)
    : account.variableDebtBalance(totals.scaledVariableDebt, variableBorrowIndex) +
      account.stableBalance(totals.stableDebt, env.timestamp) +
      amount
  require(owed <= borrowCap * 10n ** BigInt(decimals), 'borrow-cap')
}

/** Until 3.4 the account, as it was, has to cover what it owes and the new debt. */
const validateCover = (scene: Scene, amount: bigint): void => {
  const { pool, reserve, revision, env } = scene
  const require = requireIn(scene)
  const { totals } = requireAccount(accountOf(pool.market, pool.position, env))
  require(totals.collateralValue !== 0n, 'no-collateral')
  require(totals.averageLtv !== 0n, 'no-ltv')
  require(totals.healthFactor > WAD, 'unhealthy')
  const category = categoryIn(scene)
  const priced = priceOf(reserve, category, env)
  const { price } = 'reason' in priced ? refuseFault(priced) : priced
  const { decimals } = decodeConfiguration(reserve.configuration)
  const needed = percentDivHalfUp(totals.debtValue + valueDown(amount, price, decimals), totals.averageLtv)
  require(needed <= totals.collateralValue, 'not-covered')
  if (isBorrowingAny(pool.position.userConfiguration)) requireNotSiloed(pool, revision, reserve)
}

/** Since 3.5 the account with its new debt is checked (ValidationLogic.validateHFAndLtv). */
const validateAfter = (scene: Scene, { market, position }: Pool): void => {
  const require = requireIn(scene)
  const { totals } = requireAccount(accountOf(market, position, scene.env))
  require(totals.averageLtv !== 0n, 'no-ltv')
  require(totals.healthFactor >= WAD, 'unhealthy')
  require(totals.collateralValue >= percentDivUp(totals.debtValue, totals.averageLtv), 'not-covered')
}

/** ValidationLogic.validateBorrow, in its order. */
const validateBorrow = (scene: Scene, amount: bigint, scaled: bigint): void => {
  const { pool, reserve, revision } = scene
  const { actions, account } = revision
  const require = requireIn(scene)
  require((actions.checksScaled ? scaled : amount) !== 0n, 'zero-amount')
  validateFlags(scene)
  const worth = actions.checksScaled
    ? account.variableDebtBalance(scaled, reserve.variableBorrowIndex)
    : amount
  validateTotals(scene, worth, scaled)
  if (actions.isolation === 'before') requireWithinCeiling(pool, revision, reserve, amount)
  const category = actions.categoryAllowsBorrowing ? undefined : categoryIn(scene)
  if (category) require(isBorrowableIn(category, scene), 'not-borrowable-in-e-mode')
  if (actions.checksScaled) requireNotSiloed(pool, revision, reserve)
  else validateCover(scene, amount)
}

/** Pool.borrow at the variable rate, by the account for itself. */
export const borrow = (scene: Scene, amount: bigint): Pool => {
  const { pool, reserve, revision } = scene
  const { actions, tokens } = revision
  const scaled = tokens.debtMintScaled(amount, reserve.variableBorrowIndex)
  validateBorrow(scene, amount, scaled)
  requireThat(revision, scaled !== 0n, 'zero-mint')
  const minted = moveDebt(pool, reserve, scaled)
  const indebted = { ...minted, position: setBorrowing(minted.position, reserve, true) }
  if (actions.isolation === 'after') requireWithinCeiling(indebted, revision, reserve, amount)
  const isolated = moveIsolatedDebt(indebted, revision, reserve, amount)
  const owing = isolated.market.reserves[reserve.asset] ?? reserve
  const paid = moveUnderlying(moveVirtual(owing, -amount), -amount)
  const after = { ...isolated, market: withReserve(isolated.market, paid) }
  if (actions.checksScaled) validateAfter(scene, after)
  return after
}

/** ValidationLogic.validateRepay, in its order. */
const validateRepay = (scene: Scene, amount: bigint, owed: bigint): void => {
  const require = requireIn(scene)
  const { isActive, isPaused } = decodeConfiguration(scene.reserve.configuration)
  require(amount !== 0n, 'zero-amount')
  require(isActive, 'inactive')
  require(!isPaused, 'paused')
  require(owed !== 0n, 'no-debt')
}

/** Burns what is repaid of the debt at the variable rate. */
const burnVariable = ({ pool, reserve, revision }: Scene, amount: bigint): Pool => {
  const scaled = revision.tokens.debtBurnScaled(amount, reserve.variableBorrowIndex)
  requireThat(revision, scaled !== 0n, 'zero-burn')
  return moveDebt(pool, reserve, -scaled)
}

/** Pool.repay with the asset itself: of the debt at the variable rate, or of the one at the stable rate where there is no other. */
export const repay = (scene: Scene, amount: bigint): Pool => {
  const { pool, reserve, revision, env } = scene
  const { account, liquidation } = revision
  const leg = pool.position.legs[reserve.asset]
  const variable = account.variableDebtBalance(leg?.scaledVariableDebt ?? 0n, reserve.variableBorrowIndex)
  const stable = leg?.stableDebt ? account.stableBalance(leg.stableDebt, env.timestamp) : 0n
  const owed = variable === 0n ? stable : variable
  validateRepay(scene, amount, owed)
  const repaid = amount < owed ? amount : owed
  const burned =
    variable === 0n ? burnStable(pool, reserve, account, repaid, env.timestamp) : burnVariable(scene, repaid)
  const isGone =
    liquidation.debtIsGone === 'scaled'
      ? burned.position.legs[reserve.asset]?.scaledVariableDebt === 0n
      : variable + stable === repaid
  const current = burned.market.reserves[reserve.asset] ?? reserve
  const paid = moveUnderlying(moveVirtual(current, repaid), repaid)
  const after = {
    market: withReserve(burned.market, paid),
    position: isGone ? setBorrowing(burned.position, paid, false) : burned.position,
  }
  return moveIsolatedDebt(after, revision, paid, -repaid)
}
