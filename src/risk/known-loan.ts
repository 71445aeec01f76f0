import { parsePositionId } from '../model/ids.ts'
import { adapterOf } from '../protocols/registry.ts'
import type { Loan } from './loan.ts'
import { LoanStateError, loanWith, parseLoanState } from './loan-state.ts'

/** The loan of a state, of whatever protocol; see `loanWith`. Throws `LoanStateError`. */
export const loanOf = (given: unknown): Loan => {
  const { protocol } = parsePositionId(parseLoanState(given).id)
  const adapter = adapterOf(protocol)
  if (!adapter) throw new LoanStateError(`the protocol ${protocol} is not known`)
  return loanWith(adapter, given)
}
