// Ways to liquidate a trove, what each moves, and its transaction.
import { encodeFunctionData } from 'viem'
import { troveManagerAbi } from '../../../abis/liquity-v1.ts'
import type {
  Blocked,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../../model/liquidation.ts'
import { WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { RefusedError, requireThat, unlessRefused } from '../refusing.ts'
import { collateralAmount, debtAmount, priceIn, requireAssets } from './amounts.ts'
import { type Liquidating, liquidateBatch, liquidateOne, liquidateSequence } from './liquidating.ts'
import { type LiquityMarket, NATIVE, readMarket, type Trove } from './state.ts'

export const LIQUIDATE = 'liquidate'
export const BATCH = 'batchLiquidateTroves'
export const SEQUENCE = 'liquidateTroves'

/**
 * `liquidate` closes one trove; `batchLiquidateTroves` all of `troves`, the position's own among them, in one call, and
 * `liquidateTroves` up to `count` of them, where they have to be the whole sorted list from the lowest ratio.
 */
export type LiquityRequest = LiquidationRequest & {
  readonly troves?: readonly Trove[]
  readonly count?: bigint
}

/** A liquidating call on a state, as a request has it. */
export const executeLiquidation = (
  market: LiquityMarket,
  trove: Trove,
  env: Env,
  request: LiquityRequest,
): Liquidating => {
  if (trove.fault) throw new RefusedError(`${trove.fault.reason}: ${trove.fault.detail}`)
  const read = readMarket(market)
  const { method, troves = [trove], count = BigInt(troves.length), debtAsset, collateralAsset } = request
  requireAssets(read, debtAsset, collateralAsset)
  const price = priceIn(env)
  if (method === BATCH) return liquidateBatch(read, troves, price)
  return method === SEQUENCE
    ? liquidateSequence(read, troves, count, price)
    : liquidateOne(read, trove, price)
}

type Outcome = LiquidationOutcome<LiquityMarket, Trove>

/** Amounts are those of the whole call; where it leaves this trove alone, it is as before. */
const outcomeOf = ({ market, totals, liquidated }: Liquidating, trove: Trove, price: bigint): Outcome => {
  const isClosed = liquidated.some((one) => one.trove.owner === trove.owner)
  const reward = [
    debtAmount(market, totals.debtGasCompensation),
    collateralAmount(market, totals.collGasCompensation, price),
  ]
  return {
    kind: 'liquidated',
    repaid: debtAmount(market, totals.debt),
    seized: [collateralAmount(market, totals.collToPool + totals.collToRedistribute, price)],
    protocolFee: [],
    badDebt: [],
    reward,
    surplus: totals.surplus === 0n ? [] : [collateralAmount(market, totals.surplus, price)],
    after: { market, position: isClosed ? undefined : trove },
  }
}

/**
 * What a liquidation in this block would move, to the unit, or the contract's refusal. The stability pool pays for what it
 * can, other troves take over the rest; the caller gets the gas compensation. A part of the debt is refused, in words of ours.
 */
export const liquidate = (
  market: LiquityMarket,
  trove: Trove,
  env: Env,
  request: LiquityRequest,
): Outcome | Blocked =>
  unlessRefused(() => {
    const done = executeLiquidation(market, trove, env, request)
    const isWhole = request.repay === undefined || request.repay >= done.totals.debt
    requireThat(isWhole, 'a liquidation repays everything')
    return outcomeOf(done, trove, priceIn(env))
  })

/** The one way to liquidate a trove by itself, where the contract would. The factor is what is seized per unit of debt. */
export const terms = (
  market: LiquityMarket,
  trove: Trove,
  env: Env,
): readonly LiquidationTerms<LiquityRequest>[] => {
  const request = {
    method: LIQUIDATE,
    debtAsset: market.wiring.debtToken,
    collateralAsset: NATIVE,
  }
  const outcome = liquidate(market, trove, env, request)
  if (outcome.kind === 'blocked') return []
  const { repaid, seized } = outcome
  const value = seized.reduce((sum, one) => sum + one.value, 0n)
  return [
    {
      request,
      repayMax: repaid.amount,
      incentiveFactor: (value * WAD) / repaid.value,
      payer: 'protocol',
    },
  ]
}

const dataOf = (
  trove: Trove,
  { method, troves = [trove], count = BigInt(troves.length) }: LiquityRequest,
) => {
  const abi = troveManagerAbi
  if (method === BATCH)
    return encodeFunctionData({ abi, functionName: BATCH, args: [troves.map(({ owner }) => owner)] })
  if (method === SEQUENCE) return encodeFunctionData({ abi, functionName: SEQUENCE, args: [count] })
  return encodeFunctionData({ abi, functionName: LIQUIDATE, args: [trove.owner] })
}

/** The transaction of a request, which anybody may send, with nothing to pay. */
export const call = ({ wiring }: LiquityMarket, trove: Trove, request: LiquityRequest): TransactionCall => ({
  to: wiring.troveManager,
  data: dataOf(trove, request),
})
