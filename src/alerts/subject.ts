// What rules speak of: one loan at one block, and what happened to it.
import type { Assessment, Subject as Loan } from '../model/assessment.ts'
import type { Liquidation } from '../model/liquidation.ts'
import type { ParameterChange } from '../model/parameter.ts'
import type { Risk } from '../risk/risk.ts'

/**
 * A loan as rules see it. `assessment` is undefined where the loan is gone; `label` is that of its watch, if it is watched.
 * `liquidations` of it and `changes` of what governance set for it are those of this cycle, undefined where these are not known.
 */
export type Subject = {
  readonly loan: Loan
  readonly assessment: Assessment | undefined
  readonly label: string | undefined
  /** Risk of a loan by its id, worked out when it is first asked for; undefined where it is not known. */
  readonly riskOf: (id: string) => Risk | undefined
  readonly liquidations: readonly Liquidation[] | undefined
  readonly changes: readonly ParameterChange[] | undefined
}

/** What goes beyond a loan's health; undefined where it is not known. */
export const riskIn = ({ riskOf, loan }: Subject): Risk | undefined => riskOf(loan.id)
