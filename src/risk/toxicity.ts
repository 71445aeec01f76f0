// What a liquidation leaves behind, and whether the loan is worse off for it (Warmuz, Chaudhary, Pinna: Toxic liquidation spirals, 2022).
import type { Assessment, Health } from '../model/assessment.ts'
import { WAD } from '../units/brands.ts'
import { mulDivDown } from '../units/mul-div.ts'
import { type Offer, partOf } from './liquidation-offer.ts'
import { assessLoan, behind, type Loan } from './loan.ts'

/**
 * A loan behind a liquidation. `healthAfter` is a wad, null where no debt is left or nothing can be said of what is;
 * `isToxic`: that health is lower than before, or the loan was closed at a loss. `badDebtAfter`, in the quote, is what nobody will repay: what the contract
 * wrote off, and what is owed beyond the value of all collateral left.
 *
 * Two thresholds, both wads, measured on what the liquidation, or a part of it, takes; null where nothing is left to measure. `toxicHealthFactor`,
 * threshold · (1 + bonus): with a lower health factor, liquidating this collateral lowers it further; above 1, always.
 * `frontierLtv`, 1 / (1 + bonus): with more debt per collateral, the collateral does not pay for all of the debt.
 */
export type Aftermath = {
  readonly healthAfter: bigint | null
  readonly isToxic: boolean
  readonly toxicHealthFactor: bigint | null
  readonly frontierLtv: bigint | null
  readonly badDebtAfter: bigint
}

type Thresholds = Pick<Aftermath, 'toxicHealthFactor' | 'frontierLtv'>

const UNKNOWN: Thresholds = { toxicHealthFactor: null, frontierLtv: null }

/** By how much each sum of the assessment became less. */
const thresholdsOf = (before: Health, after: Health): Thresholds => {
  const debt = before.debtValue - after.debtValue
  const collateral = before.collateralValue - after.collateralValue
  if (debt <= 0n || collateral <= 0n) return UNKNOWN
  const weighted =
    before.liquidationValue === null || after.liquidationValue === null
      ? undefined
      : before.liquidationValue - after.liquidationValue
  return {
    toxicHealthFactor: weighted === undefined || weighted < 0n ? null : mulDivDown(weighted, WAD, debt),
    frontierLtv: mulDivDown(debt, WAD, collateral),
  }
}

/** Where a liquidation leaves nothing to measure, a hundredth of it does. */
const PART = 100n

const measured = (loan: Loan, before: Health, offer: Offer): Thresholds => {
  const part = partOf(loan, offer, offer.outcome.repaid.amount / PART)
  const left = part && behind(loan, part.outcome.after)
  const after = left && assessLoan(left)
  return after?.kind === 'assessed' ? thresholdsOf(before, after) : UNKNOWN
}

/** What a liquidation of a loan, whose health before is given, leaves behind. */
export const aftermathOf = (loan: Loan, before: Assessment, offer: Offer): Aftermath => {
  const { badDebt, after } = offer.outcome
  const written = badDebt.reduce((sum, { value }) => sum + value, 0n)
  const isWritten = badDebt.some(({ amount }) => amount > 0n)
  const left = behind(loan, after)
  const assessed = left && assessLoan(left)
  if (before.kind !== 'assessed')
    return { healthAfter: null, isToxic: isWritten, ...UNKNOWN, badDebtAfter: written }
  if (assessed?.kind !== 'assessed')
    return { healthAfter: null, isToxic: isWritten, ...measured(loan, before, offer), badDebtAfter: written }
  const { phase, healthFactor, collateralValue, debtValue } = assessed
  const hasDebt = phase !== 'no-debt'
  const uncovered = debtValue > collateralValue ? debtValue - collateralValue : 0n
  return {
    healthAfter: hasDebt ? healthFactor : null,
    isToxic: isWritten || (hasDebt && healthFactor < before.healthFactor),
    ...(isWritten ? measured(loan, before, offer) : thresholdsOf(before, assessed)),
    badDebtAfter: written + uncovered,
  }
}
