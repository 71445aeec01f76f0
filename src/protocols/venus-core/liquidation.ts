// Ways to liquidate an account, what each moves, and its transaction.
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { cTokenIn, legIn } from '../compound-v2/account.ts'
import { exchangeRateDown } from '../compound-v2/accrual.ts'
import { expMulDown } from '../compound-v2/exponential.ts'
import { unlessRefused } from '../refusing.ts'
import { assess } from './assess.ts'
import { debtIn, maxCloseDown, vaiDebtIn } from './comptroller.ts'
import {
  accrued,
  type Execution,
  liquidateMarket,
  liquidateVai,
  type SettledRequest,
  type VenusRequest,
} from './execution.ts'
import { liquidateThroughContract, type Split } from './liquidator.ts'
import { spotPriceIn, vaiDebtOf } from './liquidity.ts'
import type { VenusMarket, VenusPosition } from './state.ts'
import { isOpen, poolOf, vaiOf, type World } from './world.ts'

/** VToken.liquidateBorrow, VAIController.liquidateVAI, and Liquidator.liquidateBorrow, which alone is allowed where it is set. */
export const LIQUIDATE_BORROW = 'liquidateBorrow'
export const LIQUIDATE_VAI = 'liquidateVAI'
export const THROUGH_CONTRACT = 'Liquidator.liquidateBorrow'

export type SettledExecution = Execution & Split

const execute = (world: World, env: Env, request: SettledRequest): SettledExecution => {
  if (request.method === THROUGH_CONTRACT) return liquidateThroughContract(world, env, request)
  const liquidate = request.method === LIQUIDATE_VAI ? liquidateVai : liquidateMarket
  const execution = liquidate(world, env, request, 'anybody')
  return { ...execution, toLiquidator: execution.seizeTokens, toTreasury: 0n }
}

/** The most that the comptroller lets others repay of the debt, once what the liquidation itself accrues is accrued. */
const closeLimit = (stored: World, env: Env, request: VenusRequest): bigint => {
  const { borrowed, collateralAsset, accrueFirst = [] } = request
  const world = accrued(stored, [...accrueFirst, borrowed, collateralAsset], env)
  const vai = vaiOf(world.market)
  const debt =
    vai?.controller === borrowed
      ? vaiDebtIn(world, vai, vaiDebtOf(world))
      : debtIn(world, cTokenIn(poolOf(world), borrowed))
  return maxCloseDown(world.market, debt)
}

const isBlocked = (outcome: SettledExecution | Blocked): outcome is Blocked => 'kind' in outcome

/** The largest amount up to `limit` that is accepted, where every smaller one is too. */
const largestAccepted = (
  limit: bigint,
  attempt: (repay: bigint) => SettledExecution | Blocked,
): SettledExecution | Blocked => {
  let best = attempt(limit)
  let [low, high] = [1n, limit - 1n]
  if (!isBlocked(best)) return best
  while (low <= high) {
    const middle = (low + high) / 2n
    const outcome = attempt(middle)
    if (isBlocked(outcome)) high = middle - 1n
    else {
      best = outcome
      low = middle + 1n
    }
  }
  return best
}

/**
 * One liquidation in this block: what it moves and the state behind it, or the contract's refusal. Without an amount, the most
 * that close factor and collateral leave room for; value sent to the native market counts as its cash meanwhile, so that less
 * may be accepted of an account that also holds the native coin.
 */
export const executeLiquidation = (
  market: VenusMarket,
  position: VenusPosition,
  env: Env,
  request: VenusRequest,
): SettledExecution | Blocked => {
  const world: World = { market, position }
  const attempt = (repay: bigint) => unlessRefused(() => execute(world, env, { ...request, repay }))
  if (request.repay !== undefined) return attempt(request.repay)
  const limit = unlessRefused(() => closeLimit(world, env, request))
  return typeof limit === 'bigint' ? largestAccepted(limit, attempt) : limit
}
