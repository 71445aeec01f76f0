// Loans of a mirror as JSON, with whatever else of it somebody may ask who goes on computing.
import type { PriceReading } from '../model/price.ts'
import type { Mirror } from '../protocols/adapter.ts'
import type { Groups } from '../risk/groups.ts'
import type { Loan } from '../risk/loan.ts'
import type { LoanState } from '../risk/loan-state.ts'
import { stateOf } from '../risk/stating.ts'

/** A loan, what its prices are of, and where it is from. */
export type KnownLoan = { readonly loan: Loan; readonly groups: Groups; readonly mirror: Mirror }

/** Prices of whatever its market takes or lends: the loan may come to rest on them. */
const pricesOf = ({ loan: { adapter, market }, mirror }: KnownLoan): readonly PriceReading[] => {
  const assets = new Set(adapter.parameters(market).flatMap(({ asset }) => asset ?? []))
  const keys = new Set(adapter.feeds(mirror).flatMap(({ key, asset }) => (assets.has(asset) ? [key] : [])))
  return [...keys].flatMap((key) => mirror.prices.get(key) ?? [])
}

/** The loan with all that it rests on, prices of all that its market takes, and what the markets of its deployment share. */
export const loanStateOf = (known: KnownLoan): LoanState =>
  stateOf(known.loan, {
    groups: known.groups,
    prices: pricesOf(known),
    markets: [...known.mirror.markets.values()].filter(({ isShared }) => isShared),
  })
