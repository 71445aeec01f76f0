// The comptroller's part of a liquidation: PolicyFacet.liquidateBorrowAllowed, repayBorrowAllowed, seizeAllowed.
import type { Address } from 'viem'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { legIn, shortfallOf } from '../compound-v2/account.ts'
import { borrowBalanceDown } from '../compound-v2/accrual.ts'
import type { LiquidationPolicy } from '../compound-v2/execution.ts'
import { expMulDown } from '../compound-v2/exponential.ts'
import { RejectedError, rejectUnless } from '../compound-v2/failing.ts'
import { requireThat } from '../refusing.ts'
import { liquidityOf, spotPriceIn } from './liquidity.ts'
import { effectiveParameters } from './pool-parameters.ts'
import type { ComptrollerAction, Vai, VenusMarket, VenusPool, VToken } from './state.ts'
import { poolOf, type World, withPool } from './world.ts'

/** Who calls: anybody, or the contract through which alone it is allowed where there is one. */
export type Caller = 'anybody' | 'liquidator-contract'

/** What is owed of one debt, and whether it may be liquidated without a shortfall. */
type Debt = { readonly owed: bigint; readonly isForced: boolean }

export const requireActive = (
  { isProtocolPaused }: VenusMarket,
  { pausedActions }: Pick<VToken, 'pausedActions'>,
  action: ComptrollerAction,
): void => {
  requireThat(!isProtocolPaused, 'protocol is paused')
  requireThat(!pausedActions.includes(action), 'action is paused')
}

export const requireListed = ({ isListed }: VToken): void => requireThat(isListed, 'market not listed')

const isForced = (
  { position }: World,
  debt: { readonly isForcedLiquidationEnabled: boolean },
  address: Address,
): boolean => debt.isForcedLiquidationEnabled || position.forced.includes(address)

/** A debt in a market, by its index as it stands. */
export const debtIn = (world: World, vToken: VToken): Debt => ({
  owed: borrowBalanceDown(legIn(poolOf(world), vToken).borrow, vToken),
  isForced: isForced(world, vToken, vToken.address),
})

export const vaiDebtIn = (world: World, vai: Vai, owed: bigint): Debt => ({
  owed,
  isForced: isForced(world, vai, vai.controller),
})

/** The most that may be repaid of a debt at once. */
export const maxCloseDown = ({ closeFactor }: VenusMarket, { owed, isForced }: Debt): bigint =>
  isForced ? owed : expMulDown(closeFactor, owed)

/** The end of liquidateBorrowAllowed: whether this much of the debt may be repaid by others. */
export const requireLiquidatable = (world: World, env: Env, debt: Debt, repay: bigint): void => {
  if (!debt.isForced) rejectUnless(shortfallOf(liquidityOf(world, env)) > 0n, 'INSUFFICIENT_SHORTFALL')
  rejectUnless(repay <= maxCloseDown(world.market, debt), 'TOO_MUCH_REPAY')
}

export const requireCaller = ({ liquidatorContract }: VenusMarket, caller: Caller): void =>
  rejectUnless(liquidatorContract === undefined || caller === 'liquidator-contract', 'UNAUTHORIZED')

/** PolicyFacet.seizeAllowed; only the diamond asks whether the collateral was entered. */
export const requireSeizable = ({ market, position }: World, collateral: VToken): void => {
  requireActive(market, collateral, 'SEIZE')
  requireListed(collateral)
  const isEntered = position.entered.includes(collateral.address)
  if (market.revision === 'core-diamond' && !isEntered) throw new RejectedError('MARKET_NOT_COLLATERAL')
}

/** The liquidator contract cannot take the bonus out of an incentive below 1: it reverts. */
const canBeSplit = ({ market, position }: World, vToken: VToken): boolean => {
  const { liquidatorContract: contract } = market
  if (!contract || !('splits' in contract) || contract.splits === 'repaid') return true
  return effectiveParameters(market, position.poolId, vToken).liquidationIncentive >= WAD
}

/** Markets whose tokens of this account can be seized, pauses aside. */
export const seizableOf = (world: World): readonly VToken[] => {
  const { market, position } = world
  return Object.values(market.cTokens).filter(
    (vToken) =>
      vToken.isListed &&
      (position.legs[vToken.address]?.tokens ?? 0n) > 0n &&
      (market.revision === 'core-monolith' || position.entered.includes(vToken.address)) &&
      canBeSplit(world, vToken),
  )
}

/** The comptroller's hooks of a liquidation. */
export const liquidationPolicyOf = (world: World, env: Env, caller: Caller): LiquidationPolicy<VToken> => {
  const { market, position } = world
  return {
    liquidateAllowed: (seen: VenusPool, borrowed, collateral, repay) => {
      requireActive(market, borrowed, 'LIQUIDATE')
      requireCaller(market, caller)
      requireListed(collateral)
      requireListed(borrowed)
      const now = withPool(world, seen)
      requireLiquidatable(now, env, debtIn(now, borrowed), repay)
    },
    repayAllowed: (borrowed) => {
      requireActive(market, borrowed, 'REPAY')
      requireListed(borrowed)
    },
    seizeAllowed: (collateral, borrowed) => {
      requireSeizable(world, collateral)
      requireListed(borrowed)
    },
    incentiveOf: (collateral, borrowed) =>
      borrowed.namesBorrower
        ? effectiveParameters(market, position.poolId, collateral).liquidationIncentive
        : collateral.liquidationIncentive,
    priceOf: (vToken) => spotPriceIn(env, vToken),
  }
}
