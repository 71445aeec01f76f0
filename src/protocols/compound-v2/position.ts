// An account's state, kept tidy: what is empty is not kept, so that following and reading afresh end at the same.
import type { Address } from 'viem'
import type { Account, Leg } from './account.ts'

const isEmpty = ({ tokens, borrow }: Leg): boolean => tokens === 0n && (borrow?.principal ?? 0n) === 0n

/** A leg without a debt that is nothing. */
const settledLeg = ({ tokens, borrow }: Leg): Leg =>
  borrow && borrow.principal > 0n ? { tokens, borrow } : { tokens }

/**
 * An account without empty legs, in the order of their addresses; undefined where nothing is left that counts: no debt, and
 * no tokens of a market that it entered.
 */
export const settled = <A extends Account>(account: A): A | undefined => {
  const entries = Object.entries(account.legs) as [Address, Leg][]
  const kept = entries
    .filter(([, leg]) => !isEmpty(leg))
    .map(([address, leg]) => [address, settledLeg(leg)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const counts = kept.some(([address, { borrow }]) => borrow || account.entered.includes(address))
  return counts ? { ...account, legs: Object.fromEntries(kept) } : undefined
}

/** An account in which one leg was changed. */
export const withAccountLeg = <A extends Account>(
  account: A,
  address: Address,
  next: (leg: Leg) => Leg,
): A => ({
  ...account,
  legs: { ...account.legs, [address]: next(account.legs[address] ?? { tokens: 0n }) },
})
