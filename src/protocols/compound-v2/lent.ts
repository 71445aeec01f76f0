// What cTokens have lent and are owed together, wherever they are of this family.
import type { AssetTotals } from '../../model/totals.ts'
import { unlessRefused } from '../refusing.ts'
import type { CToken } from './account.ts'
import { accrue, underlyingDown } from './accrual.ts'
import { utilizationDown } from './rate-model.ts'

/** What all tokens of each cToken are worth, its totalBorrows and its utilizationRate, accrued to a slot. */
export const lentBy = (cTokens: Iterable<CToken>, slot: bigint): readonly AssetTotals[] =>
  [...cTokens].flatMap((stored) => {
    const amounts = unlessRefused(() => {
      const cToken = accrue(stored, slot)
      const { totals } = cToken
      return {
        supplied: underlyingDown(totals.totalSupply, cToken),
        borrowed: totals.totalBorrows,
        utilization: utilizationDown(totals),
      }
    })
    return 'kind' in amounts ? [] : [{ ...stored.underlying, ...amounts }]
  })
