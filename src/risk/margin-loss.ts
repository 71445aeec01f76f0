// What a liquidation costs the borrower: collateral that goes for less than it is worth.
import type { Health } from '../model/assessment.ts'
import type { LiquidationOutcome } from '../model/liquidation.ts'
import type { PriceKey } from '../model/price.ts'
import { WAD } from '../units/brands.ts'
import { askedPrices } from './asked-prices.ts'
import { type Offer, worthOf } from './liquidation-offer.ts'
import { offersOf } from './liquidation-options.ts'
import { assessLoan, behind, type Loan, withPrices } from './loan.ts'

/**
 * In the market's quote: for `repaid` of the debt, collateral worth `repaid + penalty + protocolFee` is gone. Both costs as a
 * share of what is repaid, `share`, a wad, rounded up. `at`: by the prices of now, or once all collateral that is not owed too has
 * fallen to where it can be liquidated.
 */
export type LiquidationLoss = {
  readonly at: 'now' | 'liquidation-price'
  readonly repaid: bigint
  readonly penalty: bigint
  readonly protocolFee: bigint
  readonly share: bigint
}

/**
 * The liquidation that pays best in this block; none where all are blocked. Where the protocol itself repays, or an auction, that
 * is what the borrower meets, whatever others buy of the collateral afterwards.
 */
const likeliest = (loan: Loan): Offer | undefined => {
  const offers = offersOf(loan)
  return offers.find(({ payer }) => payer !== 'liquidator') ?? offers[0]
}

/** What the auction that a liquidation started is to raise beyond the debt: what is left of the collateral then goes back. */
const auctionCost = (loan: Loan, { repaid, after }: LiquidationOutcome): bigint | null => {
  const { market } = after
  const then = behind(loan, { ...after, position: loan.position })
  const started = then && loan.adapter.auctions?.list(market, then.env).auctions.at(-1)
  return started ? started.debt.value - repaid.value : null
}

/** Collateral that is gone for good, beyond the debt that is repaid for it. */
const directCost = (
  loan: Loan,
  health: Health,
  { repaid, surplus, after }: LiquidationOutcome,
): bigint | null => {
  const left = behind(loan, after)
  const then = left && assessLoan(left)
  if (then?.kind === 'unassessable') return null
  return health.collateralValue - (then?.collateralValue ?? 0n) - worthOf(surplus) - repaid.value
}

const lossOf = (loan: Loan, at: LiquidationLoss['at']): LiquidationLoss | null => {
  const health = assessLoan(loan)
  const met = likeliest(loan)
  if (!met || health.kind === 'unassessable') return null
  const { outcome, payer } = met
  const cost = payer === 'auction' ? auctionCost(loan, outcome) : directCost(loan, health, outcome)
  if (cost === null) return null
  const repaid = outcome.repaid.value
  const protocolFee = worthOf(outcome.protocolFee)
  const share = repaid === 0n ? 0n : (cost * WAD) / repaid + ((cost * WAD) % repaid > 0n ? 1n : 0n)
  return { at, repaid, penalty: cost - protocolFee, protocolFee, share }
}

/** Prices fall in steps of a billionth of themselves. */
const STEPS = 10n ** 9n

const fallenTo = (loan: Loan, keys: ReadonlySet<PriceKey>, steps: bigint): Loan =>
  withPrices(loan, (key, price) => (keys.has(key) ? (price * steps) / STEPS : undefined))

const isLiquidatable = (loan: Loan): boolean => {
  const assessment = assessLoan(loan)
  return assessment.kind === 'assessed' && assessment.isLiquidatable
}

/** The loan once collateral that is not owed too has fallen as far as it has to; undefined where no fall does it. */
const fallen = (loan: Loan, health: Health): Loan | undefined => {
  const owed = new Set(health.debt.map(({ priceKey }) => priceKey))
  const keys = new Set([...askedPrices(loan)].filter((key) => !owed.has(key)))
  let [safe, flipped] = [STEPS, 1n]
  if (!isLiquidatable(fallenTo(loan, keys, flipped))) return undefined
  while (safe - flipped > 1n) {
    const middle = (safe + flipped) / 2n
    if (isLiquidatable(fallenTo(loan, keys, middle))) flipped = middle
    else safe = middle
  }
  return fallenTo(loan, keys, flipped)
}

/**
 * What the likeliest liquidation costs the borrower: now, where the loan can be liquidated, else where its collateral's fall
 * makes it so. Null without a debt, where no fall does it, and where every liquidation is blocked.
 */
export const liquidationLoss = (loan: Loan, health: Health): LiquidationLoss | null => {
  if (health.debt.length === 0) return null
  if (health.isLiquidatable) return lossOf(loan, 'now')
  const then = fallen(loan, health)
  return then ? lossOf(then, 'liquidation-price') : null
}
