// Ways to liquidate an account, what each moves, and its transaction.
import { type Address, encodeFunctionData } from 'viem'
import { liquidatorAbi, vaiControllerAbi, vBnbAbi, vTokenAbi } from '../../../abis/venus-core.ts'
import { BaseError } from '../../model/errors.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import { wantsAccrual } from '../accrue-first.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { cTokenIn } from '../compound-v2/account.ts'
import { exchangeRateDown } from '../compound-v2/accrual.ts'
import { expMulDown } from '../compound-v2/exponential.ts'
import { unlessRefused } from '../refusing.ts'
import { accruableOf, assess } from './assess.ts'
import { debtIn, maxCloseDown, seizableOf, vaiDebtIn } from './comptroller.ts'
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
import { settled } from './position.ts'
import type { VenusMarket, VenusPosition, VToken } from './state.ts'
import { poolOf, vaiOf, type World } from './world.ts'

/** VToken.liquidateBorrow, VAIController.liquidateVAI, and Liquidator.liquidateBorrow, which alone is allowed where it is set. */
export const LIQUIDATE_BORROW = 'liquidateBorrow'
export const LIQUIDATE_VAI = 'liquidateVAI'
export const THROUGH_CONTRACT = 'Liquidator.liquidateBorrow'

/** `asked` is the amount that the function was called with, of which VAI's controller may take a unit or so less. */
export type SettledExecution = Execution & Split & { readonly asked: bigint }

const execute = (world: World, env: Env, request: SettledRequest): SettledExecution => {
  const asked = request.repay
  if (request.method === THROUGH_CONTRACT) return { ...liquidateThroughContract(world, env, request), asked }
  const liquidate = request.method === LIQUIDATE_VAI ? liquidateVai : liquidateMarket
  const execution = liquidate(world, env, request, 'anybody')
  return { ...execution, toLiquidator: execution.seizeTokens, toTreasury: 0n, asked }
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

export class UnresolvedRequestError extends BaseError {
  override readonly name = 'UnresolvedRequestError'
  constructor(method: string) {
    super(`a request to ${method} does not say how much is repaid`, {
      remedy: 'Take the request from the terms of the position: they name the most that is accepted.',
    })
  }
}

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

const amountOf = (vToken: VToken, amount: bigint, env: Env): AssetAmount => ({
  ...vToken.underlying,
  amount,
  value: expMulDown(spotPriceIn(env, vToken), amount),
})

const repaidOf = (world: World, borrowed: Address, amount: bigint, env: Env): AssetAmount => {
  const { vai: part } = world.market
  const vai = part && 'token' in part ? part : undefined
  return vai?.controller === borrowed
    ? { asset: vai.token, symbol: 'VAI', decimals: 18, amount, value: amount }
    : amountOf(cTokenIn(poolOf(world), borrowed), amount, env)
}

/** vTokens, valued by their exchange rate. */
const tokensOf = (vToken: VToken, amount: bigint, env: Env): AssetAmount => ({
  asset: vToken.address,
  symbol: vToken.symbol,
  decimals: vToken.decimals,
  amount,
  value: expMulDown(expMulDown(exchangeRateDown(vToken), spotPriceIn(env, vToken)), amount),
})

type VenusOutcome = LiquidationOutcome<VenusMarket, VenusPosition>

const outcomeOf = (executed: SettledExecution, request: VenusRequest, env: Env): VenusOutcome => {
  const { world, paid, toLiquidator, toTreasury } = executed
  const collateral = cTokenIn(poolOf(world), request.collateralAsset)
  return {
    kind: 'liquidated',
    repaid: repaidOf(world, request.borrowed, paid, env),
    seized: [tokensOf(collateral, toLiquidator, env)],
    protocolFee: toTreasury === 0n ? [] : [tokensOf(collateral, toTreasury, env)],
    badDebt: [],
    after: { market: world.market, position: settled(world.position) },
  }
}

/** What a liquidation in this block would move, to the unit, or the contract's refusal. Collateral is seized in vTokens. */
export const liquidate = (
  market: VenusMarket,
  position: VenusPosition,
  env: Env,
  request: VenusRequest,
): VenusOutcome | Blocked => {
  const executed = executeLiquidation(market, position, env, request)
  return isBlocked(executed) ? executed : outcomeOf(executed, request, env)
}

type Term = { readonly gain: bigint; readonly terms: LiquidationTerms<VenusRequest> }

const termOf = (world: World, env: Env, request: VenusRequest): Term | undefined => {
  const executed = executeLiquidation(world.market, world.position, env, request)
  if (isBlocked(executed)) return undefined
  const outcome = outcomeOf(executed, request, env)
  if (outcome.repaid.value === 0n) return undefined
  const { amount: repayMax, value } = outcome.repaid
  const seized = outcome.seized[0]?.value ?? 0n
  return {
    gain: seized - value,
    terms: {
      request: { ...request, repay: executed.asked },
      repayMax,
      incentiveFactor: (seized * WAD) / value,
      payer: 'liquidator',
    },
  }
}

/** Every debt against everything that can be seized, by the function that this market's liquidations go through. */
const requestsOf = (world: World): readonly VenusRequest[] => {
  const { market, position } = world
  const vai = vaiDebtOf(world) > 0n ? vaiOf(market) : undefined
  const isThroughContract = market.liquidatorContract !== undefined
  const debts = [
    ...Object.values(market.cTokens)
      .filter(({ address }) => position.legs[address]?.borrow)
      .map(({ address, underlying: { asset } }) => ({
        method: isThroughContract ? THROUGH_CONTRACT : LIQUIDATE_BORROW,
        ...{ borrowed: address, debtAsset: asset },
      })),
    ...(vai
      ? [
          {
            method: isThroughContract ? THROUGH_CONTRACT : LIQUIDATE_VAI,
            ...{ borrowed: vai.controller, debtAsset: vai.token },
          },
        ]
      : []),
  ]
  return debts.flatMap((debt) =>
    seizableOf(world).map(({ address }) => ({ ...debt, collateralAsset: address })),
  )
}

/**
 * Every way in which the account can be liquidated in this block, most rewarding first. Where only stale interest of other
 * markets or of VAI stands against one, `accrueFirst` names what is to be accrued before.
 */
export const terms = (
  market: VenusMarket,
  position: VenusPosition,
  env: Env,
): readonly LiquidationTerms<VenusRequest>[] => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable' || !health.isExecutable) return []
  const world: World = { market, position }
  const accrueFirst = accruableOf(world)
  return requestsOf(world)
    .flatMap(
      (request) => termOf(world, env, request) ?? termOf(world, env, { ...request, accrueFirst }) ?? [],
    )
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    .map(({ terms: one }) => one)
}

/** The transaction of a request; the native coin goes along as value. Throws `UnresolvedRequestError` where it names no amount. */
export const call = (
  market: VenusMarket,
  { owner }: VenusPosition,
  { method, borrowed, collateralAsset, repay, accrueFirst }: VenusRequest,
): TransactionCall => {
  if (repay === undefined) throw new UnresolvedRequestError(method)
  const isNative = market.cTokens[borrowed]?.isNative === true
  const more = { ...(isNative ? { value: repay } : {}), ...wantsAccrual(accrueFirst) }
  const args = [owner, repay, collateralAsset] as const
  if (method === THROUGH_CONTRACT) {
    const to = market.liquidatorContract?.address ?? borrowed
    const data = encodeFunctionData({
      abi: liquidatorAbi,
      functionName: 'liquidateBorrow',
      args: [borrowed, ...args],
    })
    return { to, data, ...more }
  }
  if (method === LIQUIDATE_VAI)
    return {
      to: borrowed,
      data: encodeFunctionData({ abi: vaiControllerAbi, functionName: 'liquidateVAI', args }),
      answersCode: true,
      ...more,
    }
  const data = isNative
    ? encodeFunctionData({
        abi: vBnbAbi,
        functionName: 'liquidateBorrow',
        args: [owner, collateralAsset],
      })
    : encodeFunctionData({ abi: vTokenAbi, functionName: 'liquidateBorrow', args })
  return { to: borrowed, data, ...(isNative ? {} : { answersCode: true }), ...more }
}
