import type { Address } from 'viem'
import type { AssetAmount, LiquidationTerms } from '../model/liquidation.ts'
import type { Market, Position, Quote } from '../model/market.ts'
import type { Adapter, Env, TransactionCall } from '../protocols/adapter.ts'

/**
 * One way to liquidate in this block, at the most that the contract takes. Amounts in units of their assets; `seize` is
 * what the liquidator gets of the collateral asset, `incentive` what that is worth beyond the repayment, in `quote`.
 * Where others pay (`payer`), they get what is `seized`, and the caller gets the `reward` alone.
 */
export type LiquidationOption = {
  readonly method: string
  readonly payer: LiquidationTerms['payer']
  readonly debtAsset: Address
  readonly repay: bigint
  readonly collateralAsset: Address
  readonly seize: bigint
  readonly protocolFee: bigint
  readonly badDebt: bigint
  readonly repaid: AssetAmount
  readonly seized: readonly AssetAmount[]
  readonly reward: readonly AssetAmount[]
  readonly incentive: bigint
  readonly quote: Quote
  readonly call: TransactionCall
}

const sumIn = (amounts: readonly AssetAmount[], wanted: Address): bigint =>
  amounts.reduce((sum, { asset, amount }) => (asset === wanted ? sum + amount : sum), 0n)

const worthOf = (amounts: readonly AssetAmount[]): bigint =>
  amounts.reduce((sum, { value }) => sum + value, 0n)

const byIncentive = (a: LiquidationOption, b: LiquidationOption): number =>
  a.incentive === b.incentive ? 0 : a.incentive > b.incentive ? -1 : 1

/** Every way to liquidate a position in this block, most rewarding first; none where it is healthy or blocked. */
export const liquidationOptions = (
  adapter: Adapter,
  market: Market,
  position: Position,
  env: Env,
): readonly LiquidationOption[] =>
  adapter
    .terms(market, position, env)
    .flatMap(({ request, payer }): readonly LiquidationOption[] => {
      const outcome = adapter.liquidate(market, position, env, request)
      if (outcome.kind === 'blocked') return []
      const { repaid, seized, protocolFee, badDebt, reward = [] } = outcome
      const { method, debtAsset, collateralAsset } = request
      return [
        {
          method,
          payer,
          debtAsset,
          repay: repaid.amount,
          collateralAsset,
          seize: payer === 'liquidator' ? sumIn(seized, collateralAsset) : 0n,
          protocolFee: sumIn(protocolFee, collateralAsset),
          badDebt: sumIn(badDebt, debtAsset),
          repaid,
          seized,
          reward,
          incentive: worthOf(reward) + (payer === 'liquidator' ? worthOf(seized) - repaid.value : 0n),
          quote: market.quote,
          call: adapter.call(market, position, request),
        },
      ]
    })
    .sort(byIncentive)
