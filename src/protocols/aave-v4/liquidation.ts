// Ways to liquidate an account, what each moves, and its transaction.
import { encodeFunctionData } from 'viem'
import { spokeAbi } from '../../../abis/aave-v4.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type Account, accountOf } from './account.ts'
import { type AaveV4Request, type Execution, executeLiquidation } from './execution.ts'
import { LIQUIDATION_THRESHOLD } from './liquidation-amounts.ts'
import { toValue } from './math.ts'
import { afterOf, type Pool, poolOf, priceOf } from './pool.ts'
import { totalDebtUp } from './premium.ts'
import {
  type AaveV4Market,
  type AaveV4Position,
  type HubMarket,
  type Reserve,
  type SpokeMarket,
  tokenOf,
} from './state.ts'

const METHOD = 'liquidationCall'

const amountIn = (pool: Pool, reserve: Reserve, amount: bigint): AssetAmount => ({
  ...tokenOf(pool.env.markets(reserve.hub) as HubMarket | undefined, reserve),
  amount,
  value: toValue(amount, reserve.decimals, priceOf(pool, reserve)),
})

const outcomeOf = (executed: Execution): LiquidationOutcome<AaveV4Market, AaveV4Position> => {
  const { pool, collateral, debt, amountRestored, amountRemoved, amountToLiquidator, deficits } = executed
  const fee = amountRemoved - amountToLiquidator
  return {
    kind: 'liquidated',
    repaid: amountIn(pool, debt, amountRestored),
    seized: [amountIn(pool, collateral, amountToLiquidator)],
    protocolFee: fee === 0n ? [] : [amountIn(pool, collateral, fee)],
    badDebt: deficits.map(({ reserve, debt: owed }) => amountIn(pool, reserve, totalDebtUp(owed))),
    after: afterOf(pool),
  }
}

/** What a liquidation in this block would move, to the unit, or the contract's refusal. The fee is what the liquidator does not get of what is removed. */
export const liquidate = (
  market: AaveV4Market,
  position: AaveV4Position,
  env: Env,
  request: AaveV4Request,
): LiquidationOutcome<AaveV4Market, AaveV4Position> | Blocked =>
  unlessRefused(() => outcomeOf(executeLiquidation(poolOf(market, position, env), request)))

/** The two ways to take a pair: the collateral is paid out, or received as supply in the spoke. */
const requestsOf = (debt: Reserve, collateral: Reserve): readonly AaveV4Request[] => {
  const paidOut: AaveV4Request = {
    method: METHOD,
    debtAsset: debt.underlying,
    collateralAsset: collateral.underlying,
    debtReserveId: debt.id,
    collateralReserveId: collateral.id,
  }
  return [paidOut, { ...paidOut, receiveShares: true }]
}

type Offer = { readonly terms: LiquidationTerms<AaveV4Request>; readonly gain: bigint }

/** The terms of a request that is accepted, and what they earn in the quote. */
const offerOf = (request: AaveV4Request, { repaid, seized }: LiquidationOutcome): Offer => {
  const got = seized.reduce((sum, { value }) => sum + value, 0n)
  return {
    terms: {
      request,
      repayMax: repaid.amount,
      incentiveFactor: (got * WAD) / (repaid.value === 0n ? 1n : repaid.value),
      payer: 'liquidator',
    },
    gain: got - repaid.value,
  }
}

type Tried = { readonly offers: readonly Offer[]; readonly refusals: readonly Blocked[] }

/** Tries every pair of debt and collateral; the collateral is received as supply only where it cannot be paid out. */
export const tryAll = (pool: Pool, { debts, collaterals }: Account): Tried => {
  const offers: Offer[] = []
  const refusals: Blocked[] = []
  for (const { reserve: debt } of debts)
    for (const { reserve: collateral } of collaterals)
      for (const request of requestsOf(debt, collateral)) {
        const outcome = unlessRefused(() => outcomeOf(executeLiquidation(pool, request)))
        if (outcome.kind === 'blocked') {
          refusals.push(outcome)
          continue
        }
        offers.push(offerOf(request, outcome))
        break
      }
  return { offers, refusals }
}

/** Every pair of debt and collateral that the spoke accepts in this block, each with the most it takes, most rewarding first. */
export const terms = (
  market: AaveV4Market,
  position: AaveV4Position,
  env: Env,
): readonly LiquidationTerms<AaveV4Request>[] => {
  const found = unlessRefused(() => {
    const pool = poolOf(market, position, env)
    const account = accountOf(pool)
    return account.healthFactor < LIQUIDATION_THRESHOLD ? tryAll(pool, account).offers : []
  })
  if ('kind' in found) return []
  return [...found].sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1)).map((one) => one.terms)
}

/**
 * The transaction of a request. Everything is asked for as 2^256 − 1, so that interest of the seconds until it is mined
 * leaves no dust.
 */
export const call = (
  market: AaveV4Market,
  { owner }: AaveV4Position,
  { collateralReserveId, debtReserveId, repay = UINT256_MAX, receiveShares = false }: AaveV4Request,
): TransactionCall => ({
  to: (market as SpokeMarket).spoke,
  data: encodeFunctionData({
    abi: spokeAbi,
    functionName: 'liquidationCall',
    args: [BigInt(collateralReserveId), BigInt(debtReserveId), owner, repay, receiveShares],
  }),
})
