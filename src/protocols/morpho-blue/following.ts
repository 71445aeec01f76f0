// What of a singleton with thousands of markets is followed: the markets with tracked positions, and the oracles that price them.
import { type Address, zeroAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { keys } from './keys.ts'
import type { Id, MorphoMarket, MorphoMirror } from './state.ts'

/** Markets with tracked positions, and the oracles that these positions depend on. */
export type Followed = { readonly ids: ReadonlySet<Id>; readonly oracles: ReadonlySet<Address> }

/** One pass over all positions. A pre-liquidation contract's oracle counts where a borrower authorised the contract. */
export const followed = (mirror: MorphoMirror): Followed => {
  const ids = new Set<Id>()
  const oracles = new Set<Address>()
  for (const { id, authorized } of mirror.positions.values()) {
    const market = mirror.markets.get(id.market)
    if (!market) continue
    ids.add(id.market as Id)
    oracles.add(market.params.oracle)
    for (const contract of authorized) {
      const preLiquidation = market.preLiquidations[contract]
      if (preLiquidation) oracles.add(preLiquidation.oracle)
    }
  }
  return { ids, oracles }
}

/** Whether only the rate model's own contract can tell the rate, which it does with every head. */
const isGiven = ({ params, reading }: MorphoMarket): boolean =>
  params.irm !== zeroAddress && reading !== undefined && reading.rate.kind !== 'adaptive-curve'

/** State of the markets with tracked positions; all others are read when somebody has a position there. */
export const stateKeys = (mirror: MorphoMirror): readonly Key[] => [...followed(mirror).ids].map(keys.market)

/** Prices of what is followed, and the rates that only their contracts can compute. */
export const headKeys = (mirror: MorphoMirror): readonly Key[] => {
  const { ids, oracles } = followed(mirror)
  const given = [...ids].filter((id) => {
    const market = mirror.markets.get(id)
    return market !== undefined && isGiven(market)
  })
  return [...[...oracles].map(keys.price), ...given.map(keys.rate)]
}
