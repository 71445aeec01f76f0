// Liquidations executed on a state: VToken.liquidateBorrow, VAIController.liquidateVAI, and Liquidator.liquidateBorrow around both.
import type { Address } from 'viem'
import type { LiquidationRequest } from '../../model/liquidation.ts'
import { UINT256_MAX } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { cTokenIn, legIn, withLeg } from '../compound-v2/account.ts'
import { exchangeRateDown } from '../compound-v2/accrual.ts'
import { accrueMarkets, liquidateBorrow } from '../compound-v2/execution.ts'
import { sub } from '../compound-v2/exponential.ts'
import { RejectedError } from '../compound-v2/failing.ts'
import { seizeTokensDown } from '../compound-v2/seizure.ts'
import { RefusedError, requireThat } from '../refusing.ts'
import {
  type Caller,
  liquidationPolicyOf,
  requireActive,
  requireCaller,
  requireLiquidatable,
  requireListed,
  requireSeizable,
  vaiDebtIn,
} from './comptroller.ts'
import { vaiAllowed, vaiFailUnless } from './failing.ts'
import { spotPriceIn, vaiDebtOf, vaiPriceIn } from './liquidity.ts'
import type { Vai, VToken } from './state.ts'
import { accrueVai, countedRepayment, repaidLoan, splitRepaymentDown } from './vai.ts'
import { blockOf, poolOf, vaiOf, type World, withPool } from './world.ts'

/**
 * `borrowed` is the vToken whose underlying is repaid, or the VAI controller; `collateralAsset` is the vToken that is seized.
 * `accrueFirst`: what somebody accrues before, in the same block: vTokens, or the VAI controller.
 */
export type VenusRequest = LiquidationRequest & {
  readonly borrowed: Address
  readonly accrueFirst?: readonly Address[]
}

/** A request whose amount is settled, in units of the debt. */
export type SettledRequest = VenusRequest & { readonly repay: bigint }

/**
 * What a liquidation moved, and the state behind it: what was paid, what of it counts as repaid, in units of the debt, and the
 * vTokens that the borrower lost.
 */
export type Execution = {
  readonly world: World
  readonly paid: bigint
  readonly repaid: bigint
  readonly seizeTokens: bigint
}

/** VAIController.accrueVAIInterest. */
export const accruedVai = (world: World, env: Env): World => {
  const vai = vaiOf(world.market)
  if (!vai) return world
  const accrued = accrueVai(vai, blockOf(world.market, env), vaiPriceIn(env, vai.token))
  return { ...world, market: { ...world.market, vai: accrued } }
}

/** accrueInterest on each of the markets, accrueVAIInterest where the controller is named. */
export const accrued = (world: World, addresses: readonly Address[], env: Env): World => {
  const controller = vaiOf(world.market)?.controller
  const vTokens = addresses.filter((address) => address !== controller)
  const pool = accrueMarkets(poolOf(world), vTokens, blockOf(world.market, env))
  const accruedWorld = withPool(world, pool)
  return vTokens.length === addresses.length ? accruedWorld : accruedVai(accruedWorld, env)
}

/** VToken.liquidateBorrow. */
export const liquidateMarket = (
  stored: World,
  env: Env,
  request: SettledRequest,
  caller: Caller,
): Execution => {
  const { borrowed, collateralAsset: collateral, repay, accrueFirst = [] } = request
  const world = accrued(stored, accrueFirst, env)
  const call = { borrowed, collateral, repay, slot: blockOf(world.market, env), accrueFirst: [] }
  const { pool, repaid, seizeTokens } = liquidateBorrow(
    poolOf(world),
    call,
    liquidationPolicyOf(world, env, caller),
  )
  return { world: withPool(world, pool), paid: repaid, repaid, seizeTokens }
}

/** One VAI counts as one dollar, and the collateral's incentive is the core pool's (liquidateVAICalculateSeizeTokens). */
const seizeTokensForVai = (collateral: VToken, repaid: bigint, env: Env): bigint => {
  try {
    return seizeTokensDown(
      {
        incentive: collateral.liquidationIncentive,
        priceBorrowed: 10n ** 18n,
        priceCollateral: spotPriceIn(env, collateral),
        exchangeRate: exchangeRateDown(collateral),
      },
      repaid,
    )
  } catch (error) {
    requireThat(!(error instanceof RejectedError), 'VAI_LIQUIDATE_COMPTROLLER_CALCULATE_AMOUNT_SEIZE_FAILED')
    throw error
  }
}

const requireVaiLiquidatable = (
  world: World,
  env: Env,
  vai: Vai,
  collateral: VToken,
  repay: bigint,
  caller: Caller,
): void => {
  requireActive(world.market, vai, 'LIQUIDATE')
  requireCaller(world.market, caller)
  requireListed(collateral)
  requireLiquidatable(world, env, vaiDebtIn(world, vai, vaiDebtOf(world)), repay)
}

/** VAIController.repayVAIFresh: the loan becomes smaller, by as much as the share of the repayment comes to. */
const repayVai = (world: World, vai: Vai, repay: bigint): Omit<Execution, 'seizeTokens'> => {
  const parts = splitRepaymentDown(vai, world.position.vai, repay)
  requireThat(!world.market.isProtocolPaused, 'protocol is paused')
  requireThat(!vai.isPaused, 'VAI is paused')
  const position = { ...world.position, vai: repaidLoan(world.position.vai, parts) }
  return {
    world: { ...world, position },
    paid: parts.burnt + parts.interest,
    repaid: countedRepayment(vai, parts),
  }
}

/** VToken.seize as VAIController calls it. */
const seize = (world: World, collateral: VToken, seizeTokens: bigint): World => {
  const leg = legIn(poolOf(world), collateral)
  requireThat(leg.tokens >= seizeTokens, 'VAI_LIQUIDATE_SEIZE_TOO_MUCH')
  try {
    requireSeizable(world, collateral)
  } catch (error) {
    requireThat(!(error instanceof RejectedError), 'token seizure failed')
    throw error
  }
  return withPool(world, withLeg(poolOf(world), collateral, { ...leg, tokens: sub(leg.tokens, seizeTokens) }))
}

/** VAIController.liquidateVAI: it accrues the collateral's market and VAI. */
export const liquidateVai = (stored: World, env: Env, request: SettledRequest, caller: Caller): Execution => {
  const { repay, collateralAsset, accrueFirst = [] } = request
  requireThat(!stored.market.isProtocolPaused, 'protocol is paused')
  const world = accruedVai(accrued(stored, [...accrueFirst, collateralAsset], env), env)
  const vai = vaiOf(world.market)
  if (!vai) throw new RefusedError('the comptroller has no VAI controller')
  const collateral = cTokenIn(poolOf(world), collateralAsset)
  vaiAllowed(() => requireVaiLiquidatable(world, env, vai, collateral, repay, caller))
  vaiFailUnless(repay !== 0n, 'VAI_LIQUIDATE_CLOSE_AMOUNT_IS_ZERO')
  vaiFailUnless(repay !== UINT256_MAX, 'VAI_LIQUIDATE_CLOSE_AMOUNT_IS_UINT_MAX')
  const paid = repayVai(world, vai, repay)
  const seizeTokens = seizeTokensForVai(collateral, paid.repaid, env)
  return { ...paid, world: seize(paid.world, collateral, seizeTokens), seizeTokens }
}
