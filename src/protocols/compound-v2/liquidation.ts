// Ways to liquidate an account, what each moves, and its transaction.
import { type Address, encodeFunctionData } from 'viem'
import { cEtherAbi, cTokenAbi } from '../../../abis/compound-v2.ts'
import { BaseError } from '../../model/errors.ts'
import type {
  AssetAmount,
  Blocked,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { cTokenIn, legIn } from './account.ts'
import { borrowBalanceDown, exchangeRateDown } from './accrual.ts'
import { afterOf, assess, poolOf } from './assess.ts'
import { type CompoundPool, liquidationPolicyOf, maxCloseDown, priceIn } from './comptroller.ts'
import { accrueMarkets, type Execution, type LiquidationCall, liquidateBorrow } from './execution.ts'
import { expMulDown } from './exponential.ts'
import { seizeRatioDown } from './seizure.ts'
import { slotOf } from './slot.ts'
import type { CompoundMarket, CompoundPosition, CompoundToken } from './state.ts'

export const LIQUIDATE_BORROW = 'liquidateBorrow'

export class UnresolvedRequestError extends BaseError {
  override readonly name = 'UnresolvedRequestError'
  constructor() {
    super('a request to liquidateBorrow names no repay', {
      remedy:
        'Take the request from the terms of the position: they name the most that the contract accepts.',
    })
  }
}

/**
 * `debtAsset` is the underlying that is repaid, `borrowed` its cToken; `collateralAsset` is the cToken that is seized.
 * `accrueFirst`: markets that somebody accrues before, in the same block.
 */
export type CompoundRequest = LiquidationRequest & {
  readonly borrowed: Address
  readonly accrueFirst?: readonly Address[]
}

export type CompoundExecution = Execution<CompoundToken>

const callOf = (
  market: CompoundMarket,
  env: Env,
  { borrowed, collateralAsset, accrueFirst = [] }: CompoundRequest,
  repay: bigint,
): LiquidationCall => ({
  borrowed,
  collateral: collateralAsset,
  repay,
  slot: slotOf(market, env),
  accrueFirst,
})

/** The largest repayment whose seizure the borrower's tokens cover, in units of the underlying; undefined where none has one. */
const coveredDown = (
  market: CompoundMarket,
  pool: CompoundPool,
  borrowed: CompoundToken,
  collateral: CompoundToken,
  env: Env,
): bigint | undefined => {
  const ratio = unlessRefused(() =>
    seizeRatioDown({
      incentive: market.liquidationIncentive,
      priceBorrowed: priceIn(env, borrowed),
      priceCollateral: priceIn(env, collateral),
      exchangeRate: exchangeRateDown(collateral),
    }),
  )
  if (typeof ratio !== 'bigint' || ratio === 0n) return undefined
  return ((legIn(pool, collateral).tokens + 1n) * WAD - 1n) / ratio
}

/** The most that close factor, collateral and the market's total leave room for, before the comptroller is asked. */
const repayLimit = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  request: CompoundRequest,
): bigint => {
  const { slot, accrueFirst } = callOf(market, env, request, 0n)
  const touched = [...accrueFirst, request.borrowed, request.collateralAsset]
  const pool = accrueMarkets(poolOf(market, position), touched, slot)
  const borrowed = cTokenIn(pool, request.borrowed)
  const collateral = cTokenIn(pool, request.collateralAsset)
  const covered = coveredDown(market, pool, borrowed, collateral, env)
  return [maxCloseDown(market, pool, borrowed), borrowed.totals.totalBorrows, covered]
    .filter((limit) => limit !== undefined)
    .reduce((least, limit) => (limit < least ? limit : least))
}

/** The largest amount up to `limit` that is accepted, where every smaller one is too; undefined where not even 1 is. */
const largestAccepted = <T>(limit: bigint, attempt: (repay: bigint) => T | Blocked): T | undefined => {
  let best: T | undefined
  let low = 1n
  let high = limit
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

const isBlocked = (outcome: unknown): outcome is Blocked =>
  (outcome as { readonly kind?: string }).kind === 'blocked'

/**
 * CToken.liquidateBorrow in this block: what it moves and the state behind it, or the contract's refusal. Value sent to a
 * native market counts as its cash meanwhile, so that of an account with native collateral the most may be refused where less is
 * accepted.
 */
export const executeLiquidation = (
  market: CompoundMarket,
  position: CompoundPosition,
  env: Env,
  request: CompoundRequest,
): CompoundExecution | Blocked => {
  const attempt = (repay: bigint): CompoundExecution | Blocked =>
    unlessRefused(() =>
      liquidateBorrow(
        poolOf(market, position),
        callOf(market, env, request, repay),
        liquidationPolicyOf(market, env),
      ),
    )
  if (request.repay !== undefined) return attempt(request.repay)
  const limit = unlessRefused(() => repayLimit(market, position, env, request))
  if (typeof limit !== 'bigint') return limit
  const most = attempt(limit)
  if (!isBlocked(most) || !market.cTokens[request.borrowed]?.isNative) return most
  return largestAccepted(limit - 1n, attempt) ?? most
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
  { borrowed, collateralAsset, repay }: CompoundRequest,
): TransactionCall => {
  if (repay === undefined) throw new UnresolvedRequestError()
  if (market.cTokens[borrowed]?.isNative) {
    const args = [owner, collateralAsset] as const
    const data = encodeFunctionData({ abi: cEtherAbi, functionName: LIQUIDATE_BORROW, args })
    return { to: borrowed, data, value: repay }
  }
  const args = [owner, repay, collateralAsset] as const
  return {
    to: borrowed,
    data: encodeFunctionData({ abi: cTokenAbi, functionName: LIQUIDATE_BORROW, args }),
  }
}
