// Ways to liquidate a loan, what each moves, and its transaction.
import { type Address, encodeFunctionData } from 'viem'
import { morphoAbi, preLiquidationAbi } from '../../../abis/morpho-blue.ts'
import { BaseError } from '../../model/errors.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import type { ReadMarket } from './accrual.ts'
import { assess } from './assess.ts'
import { executeLiquidation, LIQUIDATE, type MorphoRequest, PRE_LIQUIDATE } from './execution.ts'
import { ORACLE_PRICE_SCALE } from './math.ts'
import { isOpen, type MorphoMarket, type MorphoPosition } from './state.ts'

export class UnresolvedRequestError extends BaseError {
  override readonly name = 'UnresolvedRequestError'
  constructor(method: string) {
    super(`a request to ${method} has to name either seizedAssets or repaidShares, and no repay`, {
      remedy: 'Take the request from the terms of the position: it names the most that the contract accepts.',
    })
  }
}

const loanAmount = ({ params, reading }: ReadMarket, amount: bigint): AssetAmount => ({
  asset: params.loanToken,
  ...reading.loan,
  amount,
  value: amount,
})

const collateralAmount = ({ params, reading }: ReadMarket, amount: bigint, price: bigint): AssetAmount => ({
  asset: params.collateralToken,
  ...reading.collateral,
  amount,
  value: mulDivDown(amount, price, ORACLE_PRICE_SCALE),
})

/** What a liquidation in this block would move, to the unit, or the contract's refusal. Values go by the price that it uses. */
export const liquidate = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  request: MorphoRequest,
): LiquidationOutcome<MorphoMarket, MorphoPosition> | Blocked => {
  const executed = executeLiquidation(market, position, env, request)
  if ('kind' in executed) return executed
  const { pool, exchange, repaidAssets, seizedAssets, badDebtAssets } = executed
  return {
    kind: 'liquidated',
    repaid: loanAmount(pool.market, repaidAssets),
    seized: [collateralAmount(pool.market, seizedAssets, exchange.price)],
    protocolFee: [],
    badDebt: badDebtAssets === 0n ? [] : [loanAmount(pool.market, badDebtAssets)],
    after: { market: pool.market, position: isOpen(pool.position) ? pool.position : undefined },
  }
}

type Way = Pick<MorphoRequest, 'method' | 'preLiquidation'>

const termsOf = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  way: Way,
): LiquidationTerms<MorphoRequest> | undefined => {
  const { loanToken: debtAsset, collateralToken: collateralAsset } = market.params
  const request: MorphoRequest = { ...way, debtAsset, collateralAsset }
  const executed = executeLiquidation(market, position, env, request)
  if ('kind' in executed) return undefined
  const { input, exchange, repaidAssets } = executed
  return {
    request: { ...request, ...input },
    repayMax: repaidAssets,
    incentiveFactor: exchange.incentiveFactor,
    payer: 'liquidator',
  }
}

const gainOf = ({ repayMax, incentiveFactor }: LiquidationTerms): bigint => repayMax * (incentiveFactor - WAD)

/**
 * Every way in which the loan can be liquidated in this block: Morpho's own where it is unhealthy, and before that each
 * pre-liquidation contract that the borrower authorised and whose window it is in. Most rewarding first.
 */
export const terms = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
): readonly LiquidationTerms<MorphoRequest>[] => {
  const health = assess(market, position, env)
  if (health.kind === 'unassessable' || health.phase === 'no-debt') return []
  const ways: readonly Way[] = [
    ...(health.isLiquidatable ? [{ method: LIQUIDATE }] : []),
    ...position.authorized.map((preLiquidation) => ({ method: PRE_LIQUIDATE, preLiquidation })),
  ]
  return ways
    .flatMap((way) => termsOf(market, position, env, way) ?? [])
    .map((one) => ({ one, gain: gainOf(one) }))
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    .map(({ one }) => one)
}

/** The same request for at most `repay` units of the loan token, in the collateral or shares that this block's state makes of it. */
export const partly = (
  market: MorphoMarket,
  position: MorphoPosition,
  env: Env,
  { seizedAssets: _seizedAssets, repaidShares: _repaidShares, ...request }: MorphoRequest,
  repay: bigint,
): MorphoRequest | Blocked => {
  const executed = executeLiquidation(market, position, env, { ...request, repay })
  if ('kind' in executed) return executed
  const { repay: _repay, ...way } = request
  return { ...way, ...executed.input }
}

/**
 * The transaction of a request, without a callback. Throws `UnresolvedRequestError` where it names neither collateral nor
 * shares: how many shares a `repay` buys is known only at a moment.
 */
export const call = (
  market: MorphoMarket,
  { owner }: MorphoPosition,
  { method, repay, preLiquidation, ...input }: MorphoRequest,
): TransactionCall => {
  const { seizedAssets = 0n, repaidShares = 0n } = input
  const isNamed = input.seizedAssets !== undefined || input.repaidShares !== undefined
  if (repay !== undefined || !isNamed) throw new UnresolvedRequestError(method)
  if (method === PRE_LIQUIDATE)
    return {
      to: preLiquidation as Address,
      data: encodeFunctionData({
        abi: preLiquidationAbi,
        functionName: 'preLiquidate',
        args: [owner, seizedAssets, repaidShares, '0x'],
      }),
    }
  return {
    to: market.morpho,
    data: encodeFunctionData({
      abi: morphoAbi,
      functionName: 'liquidate',
      args: [market.params, owner, seizedAssets, repaidShares, '0x'],
    }),
  }
}
