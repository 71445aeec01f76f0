// What of a singleton with thousands of markets is followed: the markets with tracked positions, and the oracles that price them.
import { type Address, zeroAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { keys } from './keys.ts'
import { deploymentOf, type Id, type MorphoMarket, type MorphoMirror } from './state.ts'

/** Markets with tracked positions, and the oracles that these positions depend on, each with a market that it serves. */
export type Followed = {
  readonly markets: ReadonlyMap<Id, MorphoMarket>
  readonly oracles: ReadonlyMap<Address, MorphoMarket>
}

/** One pass over all positions. A pre-liquidation contract's oracle counts where a borrower authorised the contract. */
export const followed = (mirror: MorphoMirror): Followed => {
  const markets = new Map<Id, MorphoMarket>()
  const oracles = new Map<Address, MorphoMarket>()
  for (const { id, authorized } of mirror.positions.values()) {
    let market = markets.get(id.market as Id)
    if (!market) {
      market = mirror.markets.get(id.market)
      if (!market) continue
      markets.set(id.market as Id, market)
      oracles.set(market.params.oracle, market)
    }
    for (const contract of authorized) {
      const preLiquidation = market.preLiquidations[contract]
      if (preLiquidation) oracles.set(preLiquidation.oracle, market)
    }
  }
  return { markets, oracles }
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
