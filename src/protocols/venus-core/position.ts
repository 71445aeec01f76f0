// An account's state, kept tidy: what is empty is not kept, so that following and reading afresh end at the same.
import type { Address } from 'viem'
import type { Leg } from '../compound-v2/account.ts'
import { settled as withoutEmptyLegs } from '../compound-v2/position.ts'
import type { VaiLoan, VenusMarket, VenusPosition } from './state.ts'

/** What an account without VAI owes of it. */
export const NO_VAI: VaiLoan = { minted: 0n, pastInterest: 0n, interestIndex: 10n ** 18n }

type Legs = Readonly<Record<Address, Leg>>

const entriesOf = (legs: Legs): readonly (readonly [Address, Leg])[] =>
  Object.entries(legs) as [Address, Leg][]

/** Legs that matter: of entered markets, and of others where their tokens can be seized. */
const legsKept = ({ revision }: VenusMarket, { legs, entered }: VenusPosition): Legs =>
  revision === 'core-monolith'
    ? legs
    : Object.fromEntries(entriesOf(legs).filter(([address]) => entered.includes(address)))

/** The position without what is empty; undefined where nothing is left that counts: no debt, and no tokens of an entered market. */
export const settled = (market: VenusMarket, position: VenusPosition): VenusPosition | undefined => {
  const kept = legsKept(market, position)
  const all = withoutEmptyLegs({ entered: Object.keys(kept) as Address[], legs: kept })
  const legs = all?.legs ?? {}
  const counts = entriesOf(legs).some(([address, { borrow }]) => borrow || position.entered.includes(address))
  return counts || position.vai.minted > 0n ? { ...position, legs } : undefined
}
