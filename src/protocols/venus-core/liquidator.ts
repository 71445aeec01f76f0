// Liquidator.liquidateBorrow: the contract through which alone liquidations are allowed where the comptroller names it.
import type { Address } from 'viem'
import { WAD } from '../../units/brands.ts'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { cTokenIn, withCToken } from '../compound-v2/account.ts'
import { underlyingDown } from '../compound-v2/accrual.ts'
import { withTotals } from '../compound-v2/execution.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import { requireActive } from './comptroller.ts'
import {
  accruedVai,
  type Execution,
  liquidateMarket,
  liquidateVai,
  type SettledRequest,
} from './execution.ts'
import { revertingWithCode } from './failing.ts'
import { vaiDebtOf } from './liquidity.ts'
import { effectiveParameters } from './pool-parameters.ts'
import type { LiquidatorContract } from './state.ts'
import { liquidatorOf, poolOf, vaiOf, type World, withPool } from './world.ts'

/** vTokens that leave the borrower, by who gets them. */
export type Split = { readonly toLiquidator: bigint; readonly toTreasury: bigint }

/** Liquidator._checkForceVAILiquidate: VAI debt from a limit on has to be liquidated first, unless the debt is forced anyway. */
const requireVaiFirst = (world: World, { forcedVai }: LiquidatorContract, borrowed: Address): void => {
  const vai = vaiOf(world.market)
  if (!forcedVai || !vai || borrowed === vai.controller) return
  const isForced =
    world.market.cTokens[borrowed]?.isForcedLiquidationEnabled || world.position.forced.includes(borrowed)
  const owed = vaiDebtOf(world)
  const isFree = isForced || vai.pausedActions.includes('LIQUIDATE') || owed < forcedVai.debtMin
  requireThat(isFree, 'VAIDebtTooHigh', [owed, forcedVai.debtMin])
}

/** Liquidator._splitLiquidationIncentive, by the incentive of the borrower's pool, whichever the seizure went by. */
const splitDown = (
  { market, position }: World,
  { splits, treasuryPercent }: LiquidatorContract,
  collateral: Address,
  seized: bigint,
): Split => {
  const vToken = cTokenIn(poolOf({ market, position }), collateral)
  const incentive = effectiveParameters(market, position.poolId, vToken).liquidationIncentive
  const toTreasury =
    splits === 'repaid'
      ? mulDivDown(seized, treasuryPercent, incentive)
      : mulDivDown(mulDivDown(seized, checkedSub(incentive, WAD), incentive), treasuryPercent, WAD)
  return { toLiquidator: checkedSub(seized, toTreasury), toTreasury }
}

/** What the treasury gets is redeemed at once, as far as the market lets it. */
const redeemed = (world: World, collateral: Address, tokens: bigint): World => {
  const vToken = cTokenIn(poolOf(world), collateral)
  const { cash, totalSupply } = vToken.totals
  const amount = underlyingDown(tokens, vToken)
  if (vToken.pausedActions.includes('REDEEM') || cash < amount) return world
  const after = withTotals(vToken, { cash: cash - amount, totalSupply: checkedSub(totalSupply, tokens) })
  return withPool(world, withCToken(poolOf(world), after))
}

/** Liquidator.liquidateBorrow. The newer contract, which forces VAI debts, accrues VAI before anything else and redeems the treasury's part. */
export const liquidateThroughContract = (
  stored: World,
  env: Env,
  request: SettledRequest,
): Execution & Split => {
  const contract = liquidatorOf(stored.market)
  if (!contract) throw new RefusedError('the comptroller has no liquidator contract')
  requireThat(!stored.position.isRestricted, 'LiquidationNotAllowed')
  const isNewer = contract.splits === 'bonus'
  const { borrowed, collateralAsset } = request
  if (isNewer) requireThat(stored.market.cTokens[collateralAsset]?.isListed === true, 'MarketNotListed')
  const world = isNewer ? accruedVai(stored, env) : stored
  requireVaiFirst(world, contract, borrowed)
  const isVai = vaiOf(world.market)?.controller === borrowed
  const liquidate = isVai ? liquidateVai : liquidateMarket
  const execution = revertingWithCode(() => liquidate(world, env, request, 'liquidator-contract'))
  const split = splitDown(execution.world, contract, collateralAsset, execution.seizeTokens)
  requireActive(execution.world.market, cTokenIn(poolOf(execution.world), collateralAsset), 'TRANSFER')
  const after = isNewer ? redeemed(execution.world, collateralAsset, split.toTreasury) : execution.world
  return { ...execution, ...split, world: after }
}
