// Morpho.liquidate and PreLiquidation.preLiquidate, executed on a state, step by step.
import type { Address } from 'viem'
import type { Blocked, LiquidationRequest } from '../../model/liquidation.ts'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import type { Env } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { accruePool, type Interest, type Pool, readMarket } from './accrual.ts'
import { borrowedUp, isHealthy, loanOf, priceIn, requireHealthy } from './loan.ts'
import { ORACLE_PRICE_SCALE, toSharesDown, wDivDown, wDivUp, wMulDown } from './math.ts'
import { realizeBadDebt, repayLoan, requireOne, takeCollateral } from './movements.ts'
import { type Exchange, incentiveFactorDown, largestInput, type SeizureInput, seizureOf } from './seizure.ts'
import type { MorphoMarket, MorphoPosition, PreLiquidation } from './state.ts'

export const LIQUIDATE = 'liquidate'
export const PRE_LIQUIDATE = 'pre-liquidate'

/**
 * `seizedAssets` in units of the collateral or `repaidShares`, as the contracts take them; `repay`, in units of the loan
 * token, overrides both: it is then the most that is paid. `preLiquidation` is the contract that method `pre-liquidate` calls.
 */
export type MorphoRequest = LiquidationRequest & Partial<SeizureInput> & { readonly preLiquidation?: Address }

/** What a liquidation moved, the input that does, and the exchange that it went by. */
export type Execution = SeizureInput & {
  readonly input: SeizureInput
  readonly exchange: Exchange
  readonly pool: Pool
  readonly repaidAssets: bigint
  readonly badDebtAssets: bigint
  readonly badDebtShares: bigint
  readonly interest: Interest | undefined
}

/** How much of a repayment `assets` pays for, in shares, so that it never costs more. */
const sharesFor = ({ market }: Pool, assets: bigint): bigint => {
  const { totalBorrowAssets, totalBorrowShares } = market.reading.totals
  return toSharesDown(assets, totalBorrowAssets, totalBorrowShares)
}

/** The input that a request spells out; undefined where it has to be found. */
const explicitInput = ({ repay, seizedAssets, repaidShares }: MorphoRequest): SeizureInput | undefined =>
  repay !== undefined || (seizedAssets === undefined && repaidShares === undefined)
    ? undefined
    : { seizedAssets: seizedAssets ?? 0n, repaidShares: repaidShares ?? 0n }

/** As much as `repay` pays for, at most what `sharesMax` allows. */
const foundInput = (
  pool: Pool,
  exchange: Exchange,
  sharesMax: bigint,
  { repay }: MorphoRequest,
): SeizureInput => {
  const paidShares = repay === undefined ? sharesMax : sharesFor(pool, repay)
  return largestInput(pool, exchange, paidShares < sharesMax ? paidShares : sharesMax)
}

/** UtilsLib.exactlyOneZero. */
const requireOneOf = ({ seizedAssets, repaidShares }: SeizureInput, revert: string): void =>
  requireThat((seizedAssets === 0n) !== (repaidShares === 0n), revert)

/** Another pair of tokens is another market, which nobody created. */
const requirePair = (market: MorphoMarket, { debtAsset, collateralAsset }: MorphoRequest): void =>
  requireThat(
    debtAsset === market.params.loanToken && collateralAsset === market.params.collateralToken,
    'market not created',
  )

/** Morpho.liquidate. */
const execute = (stored: Pool, env: Env, request: MorphoRequest): Execution => {
  requirePair(stored.market, request)
  const explicit = explicitInput(request)
  if (explicit) requireOneOf(explicit, 'inconsistent input')
  const { interest, ...pool } = accruePool(stored, env.timestamp)
  const { lltv, oracle } = pool.market.params
  const price = priceIn(env, oracle)
  requireThat(!isHealthy(loanOf(pool, price)), 'position is healthy')
  const exchange: Exchange = { price, incentiveFactor: incentiveFactorDown(lltv) }
  const input = explicit ?? foundInput(pool, exchange, pool.position.borrowShares, request)
  requireOneOf(input, 'inconsistent input')
  const { seizedAssets, repaidShares } = seizureOf(pool, exchange, input)
  const repaid = repayLoan(pool, { assets: 0n, shares: repaidShares })
  const badDebt = realizeBadDebt(takeCollateral(repaid.pool, seizedAssets))
  return {
    input,
    exchange,
    pool: badDebt.pool,
    seizedAssets,
    repaidShares,
    repaidAssets: repaid.assets,
    badDebtAssets: badDebt.assets,
    badDebtShares: badDebt.shares,
    interest,
  }
}

/** PreLiquidation: where between `preLltv` and the LLTV the loan is, and what this allows. Refuses outside. */
const windowOf = (pool: Pool, preLiquidation: PreLiquidation, price: bigint) => {
  const { lltv } = pool.market.params
  const { preLltv, preLIF1, preLIF2, preLCF1, preLCF2 } = preLiquidation
  const quoted = mulDivDown(pool.position.collateral, price, ORACLE_PRICE_SCALE)
  const borrowed = borrowedUp(pool)
  requireThat(borrowed <= wMulDown(quoted, lltv), 'LiquidatablePosition')
  requireThat(borrowed > wMulDown(quoted, preLltv), 'NotPreLiquidatablePosition')
  const quotient = wDivDown(checkedSub(wDivUp(borrowed, quoted), preLltv), checkedSub(lltv, preLltv))
  const closeFactor = wMulDown(quotient, checkedSub(preLCF2, preLCF1)) + preLCF1
  return {
    exchange: { price, incentiveFactor: wMulDown(quotient, checkedSub(preLIF2, preLIF1)) + preLIF1 },
    repayableShares: wMulDown(pool.position.borrowShares, closeFactor),
  }
}

/** PreLiquidation.preLiquidate: its own oracle says whether and how much, Morpho's whether what is left is healthy. */
const executePre = (stored: Pool, env: Env, request: MorphoRequest): Execution => {
  requirePair(stored.market, request)
  const explicit = explicitInput(request)
  if (explicit) requireOneOf(explicit, 'InconsistentInput')
  const contract = request.preLiquidation
  const preLiquidation = contract && stored.market.preLiquidations[contract]
  if (!preLiquidation) throw new RefusedError('no such pre-liquidation contract is known')
  const { interest, ...pool } = accruePool(stored, env.timestamp)
  const price = priceIn(env, preLiquidation.oracle)
  const { exchange, repayableShares } = windowOf(pool, preLiquidation, price)
  const { borrowShares } = pool.position
  const sharesMax = repayableShares < borrowShares ? repayableShares : borrowShares
  const input = explicit ?? foundInput(pool, exchange, sharesMax, request)
  requireOneOf(input, 'InconsistentInput')
  const { seizedAssets, repaidShares } = seizureOf(pool, exchange, input)
  requireThat(repaidShares <= repayableShares, 'PreLiquidationTooLarge', [repaidShares, repayableShares])
  requireOne({ assets: 0n, shares: repaidShares })
  const repaid = repayLoan(pool, { assets: 0n, shares: repaidShares })
  requireThat(seizedAssets !== 0n, 'zero assets')
  requireThat(pool.position.authorized.includes(contract), 'unauthorized')
  const after = takeCollateral(repaid.pool, seizedAssets)
  requireHealthy(after, env)
  return {
    input,
    exchange,
    pool: after,
    seizedAssets,
    repaidShares,
    repaidAssets: repaid.assets,
    badDebtAssets: 0n,
    badDebtShares: 0n,
    interest,
  }
}

/** The liquidation that a request names, in this block: what it moves and the state behind it, or the contract's refusal. */
export const executeLiquidation = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  request: MorphoRequest,
): Execution | Blocked =>
  unlessRefused(() => {
    const stored: Pool = { market: readMarket(market), position }
    return request.method === PRE_LIQUIDATE ? executePre(stored, env, request) : execute(stored, env, request)
  })
