// How complete the book is, wherever debts are of this family.
import type { Address } from 'viem'
import type { Coverage } from '../../model/coverage.ts'
import { formatMarketId } from '../../model/ids.ts'
import type { Market } from '../../model/market.ts'
import { PPM } from '../../units/brands.ts'
import { unlessRefused } from '../refusing.ts'
import type { Account, CToken } from './account.ts'
import { accrue, borrowBalanceDown } from './accrual.ts'

type Listing = Pick<Market, 'id'> & { readonly cTokens: Readonly<Record<Address, CToken>> }

/** Markets that owe anything once accrued to a slot; one that does not accrue is left out. */
const owing = ({ cTokens }: Listing, slot: bigint): readonly CToken[] =>
  Object.values(cTokens).flatMap((stored) => {
    const cToken = unlessRefused(() => accrue(stored, slot))
    return 'kind' in cToken || cToken.totals.totalBorrows === 0n ? [] : [cToken]
  })

/** Σ tracked debts against each market's own total, both accrued to a slot, in units of the underlying; in one pass over all accounts. */
export const coverageOf = (
  market: Listing,
  accounts: Iterable<Account>,
  slot: bigint,
): readonly Coverage[] => {
  const cTokens = owing(market, slot)
  const tracked = new Map<Address, bigint>()
  for (const { legs } of accounts)
    for (const cToken of cTokens) {
      const owed = borrowBalanceDown(legs[cToken.address]?.borrow, cToken)
      if (owed > 0n) tracked.set(cToken.address, (tracked.get(cToken.address) ?? 0n) + owed)
    }
  return cTokens.map(({ address, underlying, totals: { totalBorrows: totalDebt } }) => {
    const trackedDebt = tracked.get(address) ?? 0n
    const ppm = Number((trackedDebt * PPM) / totalDebt)
    return { market: formatMarketId(market.id), ...underlying, trackedDebt, totalDebt, ppm }
  })
}
