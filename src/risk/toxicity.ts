// What a liquidation leaves behind, and whether the loan is worse off for it (Warmuz, Chaudhary, Pinna: Toxic liquidation spirals, 2022).
import type { Assessment, Health } from '../model/assessment.ts'
import type { LiquidationOutcome } from '../model/liquidation.ts'
import { WAD } from '../units/brands.ts'
import { mulDivDown } from '../units/mul-div.ts'
import { assessLoan, behind, type Loan } from './loan.ts'

/**
 * A loan behind a liquidation. `healthAfter` is a wad, null where no debt is left or nothing can be said of what is;
 * `isToxic`: that health is lower than before. `badDebtAfter`, in the quote, is what nobody will repay: what the contract
 * wrote off, and what is owed beyond the value of all collateral left.
 *
 * Two thresholds, both wads, measured on what the liquidation took; null where it closed the loan. `toxicHealthFactor`,
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

/** What a liquidation of a loan, whose health before is given, leaves behind. */
export const aftermathOf = (
  loan: Loan,
  before: Assessment,
  { badDebt, after }: LiquidationOutcome,
): Aftermath => {
  const written = badDebt.reduce((sum, { value }) => sum + value, 0n)
  const left = behind(loan, after)
  const assessed = left && assessLoan(left)
  if (before.kind !== 'assessed' || assessed?.kind !== 'assessed')
    return { healthAfter: null, isToxic: false, ...UNKNOWN, badDebtAfter: written }
  const { phase, healthFactor, collateralValue, debtValue } = assessed
  const hasDebt = phase !== 'no-debt'
  const uncovered = debtValue > collateralValue ? debtValue - collateralValue : 0n
  return {
    healthAfter: hasDebt ? healthFactor : null,
    isToxic: hasDebt && healthFactor < before.healthFactor,
    ...(badDebt.length > 0 ? UNKNOWN : thresholdsOf(before, assessed)),
    badDebtAfter: written + uncovered,
  }
}
