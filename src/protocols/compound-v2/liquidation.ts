// Ways to liquidate an account, what each moves, and its transaction.
import { type Address, encodeFunctionData } from 'viem'
import { cEtherAbi, cTokenAbi } from '../../../abis/compound-v2.ts'
import { BaseError } from '../../model/errors.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import { wantsAccrual } from '../accrue-first.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { cTokenIn } from './account.ts'
import { borrowBalanceDown, exchangeRateDown } from './accrual.ts'
import { afterOf, assess } from './assess.ts'
import { priceIn } from './comptroller.ts'
import { expMulDown } from './exponential.ts'
import { type CompoundRequest, executeLiquidation, isBlocked, LIQUIDATE_BORROW } from './request.ts'
import type { CompoundMarket, CompoundPosition, CompoundToken } from './state.ts'

export class UnresolvedRequestError extends BaseError {
  override readonly name = 'UnresolvedRequestError'
  constructor() {
    super('a request to liquidateBorrow names no repay', {
      remedy:
        'Take the request from the terms of the position: they name the most that the contract accepts.',
    })
  }
}

const underlyingAmount = (cToken: CompoundToken, amount: bigint, env: Env): AssetAmount => ({
  ...cToken.underlying,
  amount,
  value: expMulDown(priceIn(env, cToken), amount),
})

/** Tokens of a market, valued by its exchange rate. */
const tokenAmount = (cToken: CompoundToken, amount: bigint, env: Env): AssetAmount => ({
  asset: cToken.address,
  symbol: cToken.symbol,
  decimals: cToken.decimals,
  amount,
  value: expMulDown(expMulDown(exchangeRateDown(cToken), priceIn(env, cToken)), amount),
})

/** What a liquidation in this block would move, to the unit, or the contract's refusal. Collateral is seized in cTokens. */
export const liquidate = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  request: CompoundRequest,
): LiquidationOutcome<CompoundMarket, CompoundPosition> | Blocked => {
  const executed = executeLiquidation(market, position, env, request)
  if (isBlocked(executed)) return executed
  const { pool, repaid, liquidatorTokens, protocolTokens } = executed
  const collateral = cTokenIn(pool, request.collateralAsset)
  return {
    kind: 'liquidated',
    repaid: underlyingAmount(cTokenIn(pool, request.borrowed), repaid, env),
    seized: [tokenAmount(collateral, liquidatorTokens, env)],
    protocolFee: protocolTokens === 0n ? [] : [tokenAmount(collateral, protocolTokens, env)],
    badDebt: [],
    after: afterOf(market, position, pool),
  }
}

const gainOf = ({ repaid, seized }: LiquidationOutcome): bigint =>
  seized.reduce((sum, { value }) => sum + value, 0n) - repaid.value

type Term = { readonly terms: LiquidationTerms<CompoundRequest>; readonly gain: bigint }

const termOf = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  request: CompoundRequest,
): Term | undefined => {
  const outcome = liquidate(market, position, env, request)
  if (isBlocked(outcome) || outcome.repaid.value === 0n) return undefined
  const { amount: repayMax, value } = outcome.repaid
  const gain = gainOf(outcome)
  const incentiveFactor = ((value + gain) * WAD) / value
  return {
    gain,
    terms: { request: { ...request, repay: repayMax }, repayMax, incentiveFactor, payer: 'liquidator' },
  }
}

/** Every debt against everything that can be seized, entered or not. */
const pairsOf = (market: CompoundMarket, { entered, legs }: CompoundPosition): readonly CompoundRequest[] => {
  const held = Object.keys(legs).filter((address) => (legs[address as Address]?.tokens ?? 0n) > 0n)
  return entered.flatMap((borrowed) => {
    const cToken = market.cTokens[borrowed]
    if (!cToken || borrowBalanceDown(legs[borrowed]?.borrow, cToken) === 0n) return []
    return held.map((collateral) => ({
      method: LIQUIDATE_BORROW,
      debtAsset: cToken.underlying.asset,
      collateralAsset: collateral as Address,
      borrowed,
    }))
  })
}

/**
 * Every way in which the account can be liquidated in this block, most rewarding first. Where only stale interest of other
 * markets stands against one, `accrueFirst` names the markets to be accrued before.
 */
export const terms = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
): readonly LiquidationTerms<CompoundRequest>[] => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable' || !health.isExecutable) return []
  return pairsOf(market, position)
    .flatMap(
      (request) =>
        termOf(market, position, env, request) ??
        termOf(market, position, env, { ...request, accrueFirst: position.entered }) ??
        [],
    )
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    .map(({ terms: one }) => one)
}

/** The transaction of a request; the native asset goes along as value. Throws `UnresolvedRequestError` where it names no amount. */
export const call = (
  market: CompoundMarket,
  { owner }: CompoundPosition,
  { borrowed, collateralAsset, repay, accrueFirst }: CompoundRequest,
): TransactionCall => {
  if (repay === undefined) throw new UnresolvedRequestError()
  if (market.cTokens[borrowed]?.isNative) {
    const args = [owner, collateralAsset] as const
    const data = encodeFunctionData({ abi: cEtherAbi, functionName: LIQUIDATE_BORROW, args })
    return { to: borrowed, data, value: repay, ...wantsAccrual(accrueFirst) }
  }
  const args = [owner, repay, collateralAsset] as const
  return {
    to: borrowed,
    data: encodeFunctionData({ abi: cTokenAbi, functionName: LIQUIDATE_BORROW, args }),
    answersCode: true,
    ...wantsAccrual(accrueFirst),
  }
}
