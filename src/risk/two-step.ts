// Two liquidations in a row instead of one, where a close factor bounds each (Qin et al.: An Empirical Study of DeFi Liquidations, IMC 2021, section 5.2).
import type { Address } from 'viem'
import type { AssetAmount } from '../model/liquidation.ts'
import type { TransactionCall } from '../protocols/adapter.ts'
import { WAD } from '../units/brands.ts'
import { bestOffer, type Offer, partOf } from './liquidation-offer.ts'
import { assessLoan, behind, type Loan } from './loan.ts'
import { aftermathOf } from './toxicity.ts'

/** One of the two; `healthBefore` is a wad, the health that makes it possible. */
export type Step = {
  readonly healthBefore: bigint
  readonly repaid: AssetAmount
  readonly seized: readonly AssetAmount[]
  readonly incentive: bigint
  readonly call: TransactionCall
}

/**
 * The first repayment leaves the loan just liquidatable, so that the close factor applies once more. `incentive` is of both,
 * `gain` what that is more than the best single liquidation of the same pair, in the market's quote.
 */
export type TwoStep = {
  readonly debtAsset: Address
  readonly collateralAsset: Address
  readonly first: Step
  readonly second: Step
  readonly incentive: bigint
  readonly gain: bigint
}

/** Where rounding makes a loan liquidatable again behind a larger repayment, so often is the larger one looked for. */
const RESTARTS_MAX = 8
const PROBES = 12

/** A first liquidation that leaves the loan open to a second. */
type First = { readonly offer: Offer; readonly left: Loan; readonly healthLeft: bigint }

const firstOf = (loan: Loan, offer: Offer | undefined): First | undefined => {
  const left = offer && behind(loan, offer.outcome.after)
  const health = left && assessLoan(left)
  return offer && left && health?.kind === 'assessed' && health.isExecutable
    ? { offer, left, healthLeft: health.healthFactor }
    : undefined
}

/**
 * The paper's first repayment, (debt − threshold · collateral) / (1 − threshold · (1 + bonus)), in units of the debt: where a
 * search starts. 0 where the liquidation makes the loan worse.
 */
const closedFormDown = (loan: Loan, whole: Offer): bigint => {
  const { outcome } = whole
  const before = assessLoan(loan)
  if (before.kind !== 'assessed' || before.liquidationValue === null || outcome.repaid.value === 0n) return 0n
  const { toxicHealthFactor } = aftermathOf(loan, before, whole)
  const missing = before.debtValue - before.liquidationValue
  if (toxicHealthFactor === null || toxicHealthFactor >= WAD || missing <= 0n) return 0n
  const value = (missing * WAD) / (WAD - toxicHealthFactor)
  return (value * outcome.repaid.amount) / outcome.repaid.value
}

/** The largest repayment between `low`, which leaves the loan liquidatable, and `high`, which does not; widening from a guess. */
const boundary = (
  [low, high]: readonly [bigint, bigint],
  guess: bigint,
  isOpen: (repay: bigint) => boolean,
): bigint => {
  let [open, shut] = [low, high]
  let width = guess / 1_000_000n + 1n
  for (let at = guess; at > open && at < shut; width *= 16n) {
    if (isOpen(at)) open = at
    else shut = at
    at = open === at ? at + width : at - width
    if (shut - open <= width) break
  }
  while (shut - open > 1n) {
    const middle = (open + shut) / 2n
    if (isOpen(middle)) open = middle
    else shut = middle
  }
  return open
}

/** The largest first liquidation, at most `whole`, behind which the loan is liquidatable; undefined where none is. */
const largestFirst = (loan: Loan, whole: Offer): First | undefined => {
  const all = firstOf(loan, whole)
  if (all) return all
  const attempt = (repay: bigint): First | undefined => firstOf(loan, partOf(loan, whole, repay))
  const max = whole.outcome.repaid.amount
  let found = boundary([0n, max], closedFormDown(loan, whole), (repay) => attempt(repay) !== undefined)
  for (let restart = 0; restart < RESTARTS_MAX; restart++) {
    const from = found
    const probes = Array.from({ length: PROBES }, (_, n) => from + ((max - from) >> BigInt(n + 1)))
    const open = probes.find((repay) => repay > from && attempt(repay) !== undefined)
    if (open === undefined) break
    found = boundary([open, max], open, (repay) => attempt(repay) !== undefined)
  }
  return found === 0n ? undefined : attempt(found)
}

/** The most rewarding liquidation of the same pair by the same method. */
const secondOf = (left: Loan, { request }: Offer): Offer | undefined => {
  const { method, debtAsset, collateralAsset } = request
  const again = left.adapter
    .terms(left.market, left.position, left.env)
    .find(
      (one) =>
        one.request.method === method &&
        one.request.debtAsset === debtAsset &&
        one.request.collateralAsset === collateralAsset,
    )
  return again && bestOffer(left, again)
}

/** Two offers, the second made of what the first leaves, `left`, whose health is `healthLeft`. */
export type TwoOffers = {
  readonly first: Offer
  readonly second: Offer
  readonly left: Loan
  readonly healthLeft: bigint
}

/**
 * Two liquidations that earn more than the best single one, `whole`, found on the adapter's own maths; undefined where the
 * contract takes everything at once, or the second would not be possible or not worth it.
 */
export const twoOffersOf = (loan: Loan, whole: Offer): TwoOffers | undefined => {
  if (whole.payer !== 'liquidator' || !loan.adapter.partly) return undefined
  const found = largestFirst(loan, whole)
  const second = found && secondOf(found.left, whole)
  if (!found || !second || found.offer.incentive + second.incentive <= whole.incentive) return undefined
  const { offer: first, left, healthLeft } = found
  return { first, second, left, healthLeft }
}

const stepOf = ({ adapter, market, position }: Loan, offer: Offer, healthBefore: bigint): Step => {
  const { repaid, seized } = offer.outcome
  const call = adapter.call(market, position, offer.request)
  return { healthBefore, repaid, seized, incentive: offer.incentive, call }
}

/** The same with the transactions, or null. */
export const twoStepOf = (loan: Loan, whole: Offer): TwoStep | null => {
  const before = assessLoan(loan)
  const found = before.kind === 'assessed' ? twoOffersOf(loan, whole) : undefined
  if (!found || before.kind !== 'assessed') return null
  const { first, second, left, healthLeft } = found
  const { debtAsset, collateralAsset } = whole.request
  const incentive = first.incentive + second.incentive
  return {
    ...{ debtAsset, collateralAsset },
    first: stepOf(loan, first, before.healthFactor),
    second: stepOf(left, second, healthLeft),
    ...{ incentive, gain: incentive - whole.incentive },
  }
}
