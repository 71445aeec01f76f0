// What an account does with its own loan: Spoke.supply, withdraw, borrow and repay, executed on a state.
import type { Acted, Action, Blocked } from '../../model/liquidation.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { accountOf } from './account.ts'
import { toAddedAssetsDown } from './hub-asset.ts'
import { add, draw, remove, restore } from './hub-movements.ts'
import { LIQUIDATION_THRESHOLD } from './liquidation-amounts.ts'
import { checkedUint, rayDivDown } from './math.ts'
import { afterOf, assetOf, type Pool, poolOf, reserveOf, withUserReserve } from './pool.ts'
import { debtOf, premiumDeltaOf, restoreAmounts, withDebtTaken } from './premium.ts'
import { notifyRiskPremium } from './risk-premium.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  isBorrowed,
  type Reserve,
  reservesOf,
  type UserReserve,
  userReserveOf,
  userReserves,
} from './state.ts'

/** Spoke.MAX_ALLOWED_USER_RESERVES_LIMIT: no limit. */
const RESERVES_UNLIMITED = 2 ** 16 - 1

/** An asset may be listed twice: `reserveId` says which reserve is meant. */
export type AaveV4Action = Action & { readonly reserveId?: number }

/** All collateral under the latest dynamic configurations of its reserves. */
const withLatestConfigs = (pool: Pool): Pool => {
  let after = pool
  for (const [id, { isCollateral }] of userReserves(pool.position)) {
    if (!isCollateral) continue
    const reserve = reserveOf(pool, id)
    after = withUserReserve(after, reserve, { dynamicConfigKey: reserve.dynamicConfigKey })
  }
  return after
}

/** Spoke._refreshAndValidateUserAccountData and _notifyRiskPremiumUpdate: what makes an account riskier has to hold under the latest rules. */
const refreshed = (pool: Pool): Pool => {
  const latest = withLatestConfigs(pool)
  const { healthFactor, riskPremium } = accountOf(latest)
  requireThat(healthFactor >= LIQUIDATION_THRESHOLD, 'HealthFactorBelowThreshold')
  return notifyRiskPremium(latest, riskPremium)
}

type Execute = (pool: Pool, reserve: Reserve, amount: bigint) => Pool

const supply: Execute = (pool, reserve, amount) => {
  requireThat(!reserve.paused, 'ReservePaused')
  requireThat(!reserve.frozen, 'ReserveFrozen')
  const { suppliedShares } = userReserveOf(pool.position, reserve.id)
  const added = add(pool, reserve, amount)
  return withUserReserve(added.pool, reserve, {
    suppliedShares: checkedUint(suppliedShares + added.shares, 120n),
  })
}

const withdraw: Execute = (pool, reserve, asked) => {
  requireThat(!reserve.paused, 'ReservePaused')
  const { suppliedShares, isCollateral } = userReserveOf(pool.position, reserve.id)
  const all = toAddedAssetsDown(assetOf(pool, reserve), suppliedShares)
  const removed = remove(pool, reserve, asked < all ? asked : all)
  const after = withUserReserve(removed.pool, reserve, {
    suppliedShares: checkedUint(suppliedShares - removed.shares, 120n),
  })
  return isCollateral ? refreshed(after) : after
}

const borrow: Execute = (pool, reserve, amount) => {
  requireThat(!reserve.paused, 'ReservePaused')
  requireThat(!reserve.frozen, 'ReserveFrozen')
  requireThat(reserve.borrowable, 'ReserveNotBorrowable')
  const userReserve = userReserveOf(pool.position, reserve.id)
  const drawn = draw(pool, reserve, amount)
  const { userReservesMax } = pool.spoke
  const borrowCount = userReserves(pool.position).filter(([, one]) => isBorrowed(one)).length
  requireThat(
    isBorrowed(userReserve) || userReservesMax === RESERVES_UNLIMITED || borrowCount < userReservesMax,
    'MaximumUserReservesExceeded',
  )
  const drawnShares = checkedUint(userReserve.drawnShares + drawn.shares, 120n)
  return refreshed(withUserReserve(drawn.pool, reserve, { drawnShares }))
}

const repay: Execute = (pool, reserve, amount) => {
  requireThat(!reserve.paused, 'ReservePaused')
  const userReserve = userReserveOf(pool.position, reserve.id)
  const { drawnIndex } = assetOf(pool, reserve)
  const { drawn, premiumRay } = restoreAmounts(debtOf(userReserve, drawnIndex), amount)
  const drawnShares = rayDivDown(drawn, drawnIndex)
  const taken = { drawnShares, premiumRay }
  const delta = premiumDeltaOf(userReserve, drawnIndex, pool.position.riskPremium, taken)
  const restored = restore(pool, reserve, drawn, delta)
  return withUserReserve(restored, reserve, withDebtTaken(userReserve, delta, drawnShares))
}

const actions: Readonly<Record<Action['kind'], Execute>> = { supply, withdraw, borrow, repay }

/** Which of the reserves of one asset an action is most likely about: the one that the account uses so. */
const isUsedFor = (kind: Action['kind'], userReserve: UserReserve): boolean => {
  if (kind === 'borrow' || kind === 'repay') return isBorrowed(userReserve)
  return userReserve.isCollateral && (kind === 'supply' || userReserve.suppliedShares > 0n)
}

const reserveFor = (pool: Pool, { kind, asset, reserveId }: AaveV4Action): Reserve => {
  if (reserveId !== undefined) return reserveOf(pool, reserveId)
  const listed = reservesOf(pool.spoke).filter(({ underlying }) => underlying === asset)
  const used = listed.find(({ id }) => isUsedFor(kind, userReserveOf(pool.position, id)))
  const reserve = used ?? listed[0]
  if (!reserve) throw new RefusedError('ReserveNotListed')
  return reserveOf(pool, reserve.id)
}

/** The pool behind an action of the account for itself. 2^256 − 1 withdraws or repays everything. */
const executeAction = (pool: Pool, action: AaveV4Action): Pool =>
  actions[action.kind](pool, reserveFor(pool, action), action.amount)

/**
 * What the account's own action in this block would leave behind, or the contract's refusal. Borrowing, and withdrawing
 * what is used as collateral, take over the latest dynamic configurations.
 */
export const act = (
  market: AaveV4Market,
  position: AaveV4Position,
  env: Env,
  action: AaveV4Action,
): Acted<AaveV4Market, AaveV4Position> | Blocked =>
  unlessRefused(() => ({
    kind: 'acted',
    after: afterOf(executeAction(poolOf(market, position, env), action)),
  }))
