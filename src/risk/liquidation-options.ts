// Every way to liquidate a loan, each by the repayment that earns most.
import type { Address } from 'viem'
import type { AssetAmount, LiquidationTerms } from '../model/liquidation.ts'
import type { Quote } from '../model/market.ts'
import type { TransactionCall } from '../protocols/adapter.ts'
import { bestOffer, type Offer } from './liquidation-offer.ts'
import { assessLoan, type Loan } from './loan.ts'
import { type Aftermath, aftermathOf } from './toxicity.ts'
import { type TwoStep, twoStepOf } from './two-step.ts'

/**
 * One way to liquidate in this block, by the repayment that earns most. Amounts in units of their assets; `seize` is
 * what the liquidator gets of the collateral asset, `incentive` what that is worth beyond the repayment, in `quote`.
 * Where others pay (`payer`), they get what is `seized`, and the caller gets the `reward` alone. `gas` is what the
 * transaction uses, about; null where nobody has measured it.
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
  readonly gas: bigint | null
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
    gas: adapter.gasOf?.(method) ?? null,
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

const optionsOf = (loan: Loan, offers: readonly Offer[]): readonly LiquidationOption[] => {
  if (offers.length === 0) return []
  const before = assessLoan(loan)
  return offers.map((offer) => optionOf(loan, offer, aftermathOf(loan, before, offer)))
}

/**
 * All that a liquidator asks of a loan whose offers are given: its options, most rewarding first, each with what it leaves of
 * the loan and its transaction; and, where the first of them is the liquidator's to pay, two steps that earn more.
 */
export const liquidationsOf = (
  loan: Loan,
  offers: readonly Offer[],
): { readonly options: readonly LiquidationOption[]; readonly twoStep: TwoStep | null } => {
  const [best] = offers
  return { options: optionsOf(loan, offers), twoStep: best ? twoStepOf(loan, best) : null }
}
