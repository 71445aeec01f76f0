// One liquidation of a loan and what whoever calls it earns; the repayment that earns most.
import type {
  AssetAmount,
  LiquidationOutcome,
  LiquidationRequest,
  LiquidationTerms,
} from '../model/liquidation.ts'
import type { Loan } from './loan.ts'

/** What a request moves in this block; `incentive` is what its caller gets beyond what they pay, in the market's quote. */
export type Offer = {
  readonly request: LiquidationRequest
  readonly payer: LiquidationTerms['payer']
  readonly outcome: LiquidationOutcome
  readonly incentive: bigint
}

/** Repayments that are tried from the largest on, each better than the last. */
const STEPS_MAX = 64
const ONE_PERCENT = 100n
/** What is repaid and what is seized are each cut to a unit of the quote: two offers that differ by less earn the same. */
const CUT_OF_VALUES = 2n

/** What amounts are worth together, in their market's quote. */
export const worthOf = (amounts: readonly AssetAmount[] = []): bigint =>
  amounts.reduce((sum, { value }) => sum + value, 0n)

/** A request made of a loan; undefined where the contract refuses it. Where others pay, the caller earns the reward alone. */
export const offerOf = (
  { adapter, market, position, env }: Loan,
  request: LiquidationRequest,
  payer: Offer['payer'],
): Offer | undefined => {
  const outcome = adapter.liquidate(market, position, env, request)
  if (outcome.kind === 'blocked') return undefined
  const { repaid, seized, reward } = outcome
  const own = payer === 'liquidator' ? worthOf(seized) - repaid.value : 0n
  return { request, payer, outcome, incentive: worthOf(reward) + own }
}

/** The same for at most `repay` units of the debt; undefined where the contract refuses it or takes all or nothing. */
export const partOf = (loan: Loan, { request, payer }: Offer, repay: bigint): Offer | undefined => {
  const { adapter, market, position, env } = loan
  const part = adapter.partly?.(market, position, env, request, repay)
  return part === undefined || 'kind' in part ? undefined : offerOf(loan, part, payer)
}

/** The least repayment that seizes as much as an offer, where a unit of the collateral costs more than one of the debt. */
const leastForTheSame = (loan: Loan, offer: Offer): bigint => {
  const { repaid, seized } = offer.outcome
  const amount = seized[0]?.amount ?? 0n
  let least = repaid.amount
  if (amount === 0n) return least
  const unitCost = least / amount
  let refused = least - unitCost - 2n
  if (unitCost === 0n || refused < 0n) return least
  while (least - refused > 1n) {
    const middle = (least + refused) / 2n
    const part = partOf(loan, offer, middle)
    if (part && (part.outcome.seized[0]?.amount ?? 0n) >= amount) least = middle
    else refused = middle
  }
  return least
}

/** The best of the neighbours of an offer: as much seized for less, a unit or a hundredth less or more. */
const bestNear = (loan: Loan, offer: Offer, repayMax: bigint): Offer | undefined => {
  const { amount } = offer.outcome.repaid
  const hundredth = amount / ONE_PERCENT
  const wanted = new Set([
    leastForTheSame(loan, offer),
    ...[amount - 1n, amount + 1n, amount - hundredth, amount + hundredth],
  ])
  wanted.delete(amount)
  let best: Offer | undefined
  for (const repay of wanted) {
    if (repay <= 0n || repay > repayMax) continue
    const part = partOf(loan, offer, repay)
    if (part && (!best || part.incentive > best.incentive)) best = part
  }
  return best
}

/**
 * The repayment that earns most of one way to liquidate, found by climbing from the largest; undefined where the contract
 * refuses. Where every repayment loses, it is the largest.
 */
export const bestOffer = (loan: Loan, { request, payer }: LiquidationTerms): Offer | undefined => {
  let best = offerOf(loan, request, payer)
  if (!best || !loan.adapter.partly || payer !== 'liquidator') return best
  const repayMax = best.outcome.repaid.amount
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = bestNear(loan, best, repayMax)
    if (!next || next.incentive <= 0n || next.incentive <= best.incentive + CUT_OF_VALUES) return best
    best = next
  }
  return best
}
