// Every way to liquidate a loan, each by the repayment that earns most.
import type { Address } from 'viem'
import type { AssetAmount, LiquidationTerms } from '../model/liquidation.ts'
import type { Quote } from '../model/market.ts'
import type { TransactionCall } from '../protocols/adapter.ts'
import { bestOffer, type Offer } from './liquidation-offer.ts'
import { assessLoan, type Loan } from './loan.ts'
import { type Aftermath, aftermathOf } from './toxicity.ts'

/**
 * One way to liquidate in this block, by the repayment that earns most. Amounts in units of their assets; `seize` is
 * what the liquidator gets of the collateral asset, `incentive` what that is worth beyond the repayment, in `quote`.
 * Where others pay (`payer`), they get what is `seized`, and the caller gets the `reward` alone.
 */
export type LiquidationOption = Aftermath & {
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

const byIncentive = (a: { incentive: bigint }, b: { incentive: bigint }): number =>
  a.incentive === b.incentive ? 0 : a.incentive > b.incentive ? -1 : 1

const optionOf = (
  { adapter, market, position }: Loan,
  { request, payer, outcome, incentive }: Offer,
  aftermath: Aftermath,
): LiquidationOption => {
  const { repaid, seized, protocolFee, badDebt, reward = [] } = outcome
  const { method, debtAsset, collateralAsset } = request
  return {
    ...{ method, payer, debtAsset },
    repay: repaid.amount,
    collateralAsset,
    seize: payer === 'liquidator' ? sumIn(seized, collateralAsset) : 0n,
    protocolFee: sumIn(protocolFee, collateralAsset),
    badDebt: sumIn(badDebt, debtAsset),
    ...{ repaid, seized, reward, incentive },
    quote: market.quote,
    ...aftermath,
    call: adapter.call(market, position, request),
  }
}

/** The best offer of every way to liquidate a loan in this block, most rewarding first; none where it is healthy or blocked. */
export const offersOf = (loan: Loan): readonly Offer[] =>
  loan.adapter
    .terms(loan.market, loan.position, loan.env)
    .flatMap((terms) => bestOffer(loan, terms) ?? [])
    .sort(byIncentive)

/** The same with all that a liquidator asks: what is left of the loan, and the transaction. */
export const liquidationOptions = (loan: Loan): readonly LiquidationOption[] => {
  const offers = offersOf(loan)
  if (offers.length === 0) return []
  const before = assessLoan(loan)
  return offers.map((offer) => optionOf(loan, offer, aftermathOf(loan, before, offer.outcome)))
}
