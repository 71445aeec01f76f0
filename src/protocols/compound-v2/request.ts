// One liquidation as liquidateBorrow takes it, and the most that it accepts.
import type { Address } from 'viem'
import type { Blocked, LiquidationRequest } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { cTokenIn, legIn } from './account.ts'
import { borrowBalanceDown, exchangeRateDown } from './accrual.ts'
import { poolOf } from './assess.ts'
import { type CompoundPool, liquidationPolicyOf, maxCloseDown, priceIn } from './comptroller.ts'
import { accrueMarkets, type Execution, type LiquidationCall, liquidateBorrow } from './execution.ts'
import { seizeRatioDown } from './seizure.ts'
import { slotOf } from './slot.ts'
import type { CompoundMarket, CompoundPosition, CompoundToken } from './state.ts'

export const LIQUIDATE_BORROW = 'liquidateBorrow'

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
  const owed = borrowBalanceDown(legIn(pool, borrowed).borrow, borrowed)
  const covered = coveredDown(market, pool, borrowed, collateral, env)
  return [maxCloseDown(market, borrowed, owed), borrowed.totals.totalBorrows, covered]
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

/** Whether an outcome is the contract's refusal. */
export const isBlocked = (outcome: unknown): outcome is Blocked =>
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
