// What of a singleton with thousands of markets is followed: the markets with tracked positions, and the oracles that price them.
import { type Address, zeroAddress } from 'viem'
import type { Key, Tally } from '../adapter.ts'
import { keys } from './keys.ts'
import { deploymentOf, type Id, type MorphoMarket, type MorphoMirror, type MorphoPosition } from './state.ts'

/** Markets with tracked positions, and the oracles that these positions depend on, each with a market that it serves. */
export type Followed = {
  readonly markets: ReadonlyMap<Id, MorphoMarket>
  readonly oracles: ReadonlyMap<Address, MorphoMarket>
}

const POSITIONS = 'positions'
const AUTHORIZED = 'authorized'
const SHARES = 'shares'

/** A position counts in its market, with what it borrowed, and for each contract that may act for it. */
export const tallies = ({ id: { market }, authorized, borrowShares }: MorphoPosition): readonly Tally[] => [
  { name: `${POSITIONS}:${market}`, amount: 1n },
  { name: `${SHARES}:${market}`, amount: borrowShares },
  ...authorized.map((contract) => ({ name: `${AUTHORIZED}:${market}:${contract}`, amount: 1n })),
]

/** Shares that tracked positions owe in a market. */
export const trackedShares = ({ tallies: sums }: MorphoMirror, id: Id): bigint =>
  sums.get(`${SHARES}:${id}`) ?? 0n

/** By the mirror's tallies. A pre-liquidation contract's oracle counts where a borrower authorised the contract. */
export const followed = (mirror: MorphoMirror): Followed => {
  const markets = new Map<Id, MorphoMarket>()
  const oracles = new Map<Address, MorphoMarket>()
  for (const name of mirror.tallies.keys()) {
    const [kind, id, contract] = name.split(':') as [string, Id, Address?]
    const market = kind === SHARES ? undefined : mirror.markets.get(id)
    if (!market) continue
    const oracle = contract ? market.preLiquidations[contract]?.oracle : market.params.oracle
    if (!contract) markets.set(id, market)
    if (oracle) oracles.set(oracle, market)
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
