// What of a singleton with thousands of markets is followed: the markets with tracked positions, and the oracles that price them.
import { type Address, zeroAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { keys } from './keys.ts'
import { deploymentOf, type Id, idOf, type MorphoMarket, type MorphoMirror, priceKeyOf } from './state.ts'

/**
 * Markets with tracked positions, and the oracles whose prices are read with every head; `idle` are those of pre-liquidation
 * contracts that nobody authorised yet. Each oracle with a market that it serves.
 */
export type Followed = {
  readonly markets: ReadonlyMap<Id, MorphoMarket>
  readonly oracles: ReadonlyMap<Address, MorphoMarket>
  readonly idle: ReadonlyMap<Address, MorphoMarket>
}

/**
 * One pass over the keys of all positions, of which none is decoded. A pre-liquidation contract's oracle counts once it has a
 * price: the read of a borrower who authorised the contract asks for the first.
 */
export const followed = (mirror: MorphoMirror): Followed => {
  const markets = new Map<Id, MorphoMarket>()
  for (const key of mirror.positions.keys()) {
    const id = idOf(key)
    const market = markets.has(id) ? undefined : mirror.markets.get(id)
    if (market) markets.set(id, market)
  }
  const oracles = new Map<Address, MorphoMarket>()
  const idle = new Map<Address, MorphoMarket>()
  for (const market of markets.values()) {
    oracles.set(market.params.oracle, market)
    for (const { oracle } of Object.values(market.preLiquidations))
      (mirror.prices.has(priceKeyOf(oracle)) ? oracles : idle).set(oracle, market)
  }
  return { markets, oracles, idle }
}

/** Every market in which a position may be: those that configuration names, else those that were announced. */
export const knownIds = (mirror: MorphoMirror): readonly Id[] =>
  deploymentOf(mirror).markets ?? ([...mirror.markets.keys()] as Id[])

/** Whether only the rate model's own contract can tell the rate, which it does with every head. */
const isGiven = ({ params, reading }: MorphoMarket): boolean =>
  params.irm !== zeroAddress && reading !== undefined && reading.rate.kind !== 'adaptive-curve'

/** Whether the named markets exist, and the state of markets with tracked positions; any other is read when somebody has a position there. */
export const stateKeys = (mirror: MorphoMirror): readonly Key[] => [
  ...(deploymentOf(mirror).markets ?? []).map(keys.params),
  ...[...followed(mirror).markets.keys()].map(keys.market),
]

/** Prices of what is followed, and the rates that only their contracts can compute. */
export const headKeys = (mirror: MorphoMirror): readonly Key[] => {
  const { markets, oracles } = followed(mirror)
  const given = [...markets].flatMap(([id, market]) => (isGiven(market) ? [keys.rate(id)] : []))
  return [...[...oracles.keys()].map(keys.price), ...given]
}

/** Where an account's loans are looked for: its word in every known market. */
export const locate = (_mirror: MorphoMirror, account: Address): readonly Key[] => [keys.account(account)]
