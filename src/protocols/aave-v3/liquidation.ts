// Ways to liquidate an account, what each moves, and its transaction.
import { encodeFunctionData } from 'viem'
import { poolAbi } from '../../../abis/aave-v3.ts'
import type { AssetAmount, Blocked, LiquidationOutcome, LiquidationTerms } from '../../model/liquidation.ts'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import type { Env, TransactionCall } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type AccountLeg, accountOf, owedIn } from './account.ts'
import { type AaveRequest, executeLiquidation } from './execution.ts'
import { amountsOf, closeFactorMax, leavesNoDust, type Pair } from './liquidation-amounts.ts'
import { valueDown } from './math.ts'
import { type Pool, remaining } from './movements.ts'
import type { AaveMarket, AavePosition } from './state.ts'

const METHOD = 'liquidationCall'

const amountOf = ({ reserve, configuration, price }: AccountLeg, amount: bigint): AssetAmount => ({
  asset: reserve.asset,
  symbol: reserve.symbol,
  decimals: configuration.decimals,
  amount,
  value: valueDown(amount, price, configuration.decimals),
})

/** What a liquidation in this block would move, to the unit, or the pool's refusal. */
export const liquidate = (
  market: AaveMarket,
  position: AavePosition,
  env: Env,
  request: AaveRequest,
): LiquidationOutcome<AaveMarket, AavePosition> | Blocked => {
  const executed = executeLiquidation(market, position, env, request)
  if (executed.kind === 'blocked') return executed
  const { pair, repaid, toLiquidator, protocolFee, burns, pool } = executed.execution
  const { account, debt, collateral } = pair
  return {
    kind: 'liquidated',
    repaid: amountOf(debt, repaid),
    seized: [amountOf(collateral, toLiquidator)],
    protocolFee: protocolFee === 0n ? [] : [amountOf(collateral, protocolFee)],
    badDebt: burns
      .filter(({ deficit }) => deficit > 0n)
      .flatMap(({ reserve, deficit }) => {
        const leg = account.legs.find((one) => one.reserve.asset === reserve.asset)
        return leg ? [amountOf(leg, deficit)] : []
      }),
    after: { market: pool.market, position: remaining(pool.position) },
  }
}

/** The largest repayment that leaves enough of both sides, where taking all that the close factor allows would leave dust. */
const repayWithoutDust = (pair: Pair, max: bigint): bigint | undefined => {
  const accepts = (repay: bigint): boolean => leavesNoDust(pair, amountsOf(pair, repay))
  if (accepts(max)) return undefined
  let [low, high] = [0n, max]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (accepts(middle)) low = middle
    else high = middle
  }
  return low
}

const termsOf = (pool: Pool, pair: Pair, env: Env): LiquidationTerms<AaveRequest> | undefined => {
  const { debt, collateral } = pair
  const max = closeFactorMax(pair)
  const repay = repayWithoutDust(pair, max)
  const request: AaveRequest = {
    method: METHOD,
    debtAsset: debt.reserve.asset,
    collateralAsset: collateral.reserve.asset,
    ...(repay === undefined ? {} : { repay }),
  }
  const inUnderlying = liquidate(pool.market, pool.position, env, request)
  const inAToken = { ...request, receiveAToken: true }
  const [accepted, outcome] =
    inUnderlying.kind === 'liquidated'
      ? [request, inUnderlying]
      : [inAToken, liquidate(pool.market, pool.position, env, inAToken)]
  const [seized] = outcome.kind === 'liquidated' ? outcome.seized : []
  if (outcome.kind === 'blocked' || !seized || outcome.repaid.amount === 0n) return undefined
  const paid = outcome.repaid.value === 0n ? 1n : outcome.repaid.value
  return {
    request: accepted,
    repayMax: outcome.repaid.amount,
    incentiveFactor: (seized.value * WAD) / paid,
    payer: 'liquidator',
  }
}

/** Every pair of debt and collateral that the pool accepts in this block, each with the most it takes, most rewarding first. */
export const terms = (
  market: AaveMarket,
  position: AavePosition,
  env: Env,
): readonly LiquidationTerms<AaveRequest>[] => {
  const account = unlessRefused(() => accountOf(market, position, env))
  if ('kind' in account || 'reason' in account || account.totals.healthFactor >= WAD) return []
  const debts = account.legs.filter((leg) => leg.isBorrowed && owedIn(leg) > 0n)
  const collaterals = account.legs.filter(({ isCollateral, supplied }) => isCollateral && supplied > 0n)
  const found = debts.flatMap((debt) =>
    collaterals.flatMap((collateral) => {
      const one = unlessRefused(() => {
        const found = termsOf({ market, position }, { account, debt, collateral }, env)
        return found && { ...found, gain: gainOf(found, debt) }
      })
      return one && !('kind' in one) ? [one] : []
    }),
  )
  return found
    .sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    .map(({ gain: _gain, ...one }) => one)
}

/** What the terms earn at their maximum, in the base currency. */
const gainOf = ({ repayMax, incentiveFactor }: LiquidationTerms, debt: AccountLeg): bigint =>
  (valueDown(repayMax, debt.price, debt.configuration.decimals) * (incentiveFactor - WAD)) / WAD

/**
 * The transaction of a request. Everything is asked for as 2^256 − 1, so that interest of the seconds until it is mined
 * leaves no dust.
 */
export const call = (market: AaveMarket, position: AavePosition, request: AaveRequest): TransactionCall => ({
  to: market.wiring.pool,
  data: encodeFunctionData({
    abi: poolAbi,
    functionName: 'liquidationCall',
    args: [
      request.collateralAsset,
      request.debtAsset,
      position.owner,
      request.repay ?? UINT256_MAX,
      request.receiveAToken ?? false,
    ],
  }),
})
