import type { Address } from 'viem'
import { chunksOf } from '../../../units/chunks.ts'
import type { Key } from '../../adapter.ts'
import { type Followed, followed } from '../following.ts'
import { parseKey } from '../keys.ts'
import {
  deploymentOf,
  type Id,
  type MorphoMarket,
  type MorphoMirror,
  type MorphoRead,
  positionKey,
} from '../state.ts'
import { readAccount } from './account.ts'
import { readMarketState } from './market.ts'
import { readParams } from './params.ts'
import { type Place, readPositions } from './position.ts'
import { readPreLiquidation } from './pre-liquidation.ts'
import { readPrice } from './price.ts'
import { makesOf, readRate } from './rate.ts'

const MARKETS_PER_CALL_MAX = 100

/** Due keys sorted out: what is to be read, each once. */
type Sorted = {
  readonly params: Set<Id>
  readonly markets: Map<Id, MorphoMarket>
  readonly rates: Map<Id, MorphoMarket>
  /** Each with a market that it serves. */
  readonly oracles: Map<Address, MorphoMarket>
  readonly accounts: Set<Address>
  readonly places: Map<string, Place>
  readonly preLiquidations: { readonly id: Id; readonly contract: Address }[]
  /** Keys whose market is not known yet: they are due again once its parameters are. */
  readonly waiting: Key[]
}

const sort = (mirror: MorphoMirror, due: readonly Key[], { oracles }: Followed): Sorted => {
  const sorted: Sorted = {
    params: new Set(),
    markets: new Map(),
    rates: new Map(),
    oracles: new Map(),
    accounts: new Set(),
    places: new Map(),
    preLiquidations: [],
    waiting: [],
  }
  for (const key of due) {
    const parsed = parseKey(key)
    if (parsed.kind === 'params') sorted.params.add(parsed.id)
    else if (parsed.kind === 'account') sorted.accounts.add(parsed.address)
    else if (parsed.kind === 'price') {
      const served = oracles.get(parsed.address)
      if (served) sorted.oracles.set(parsed.address, served)
    } else {
      const { id } = parsed
      const market = mirror.markets.get(id)
      if (!market) {
        sorted.params.add(id)
        sorted.waiting.push(key)
      } else if (parsed.kind === 'market') sorted.markets.set(id, market)
      else if (parsed.kind === 'rate') sorted.rates.set(id, market)
      else if (parsed.kind === 'pre-liquidation')
        sorted.preLiquidations.push({ id, contract: parsed.address })
      else sorted.places.set(positionKey(id, parsed.address), { market, id, account: parsed.address })
    }
  }
  return sorted
}

/** What is known of an account is read beside the search for more, so that one round is enough where nothing is new. */
const addKnownPositions = (mirror: MorphoMirror, { accounts, places }: Sorted): void => {
  if (accounts.size === 0) return
  for (const [key, { id, owner }] of mirror.positions) {
    const market = mirror.markets.get(id.market)
    if (market && accounts.has(owner)) places.set(key, { market, id: id.market as Id, account: owner })
  }
}

/** A position in a market that is not followed so far needs the market and its price too, in the same round. */
const addUnfollowed = ({ places, markets, oracles }: Sorted, known: Followed): void => {
  for (const { market, id } of places.values()) {
    const { oracle } = market.params
    if (!known.markets.has(id) || !market.reading) markets.set(id, market)
    if (!known.oracles.has(oracle)) oracles.set(oracle, market)
  }
}

/**
 * How due keys are read. One round does for everything but a market that is not known at all, a rate model of another
 * make, whose contract wants the totals that the same round reads, and the own oracle of a contract that a borrower
 * authorises as the first.
 */
export const reads = (mirror: MorphoMirror, due: readonly Key[]): readonly MorphoRead[] => {
  const known = followed(mirror)
  const sorted = sort(mirror, due, known)
  addKnownPositions(mirror, sorted)
  addUnfollowed(sorted, known)
  const { preLiquidationFactory } = deploymentOf(mirror)
  const makes = sorted.markets.size === 0 ? new Map() : makesOf(mirror)
  return [
    ...chunksOf([...sorted.params], MARKETS_PER_CALL_MAX).map((ids) =>
      readParams(mirror, ids, sorted.waiting),
    ),
    ...[...sorted.markets].map(([id, market]) => readMarketState(id, market, makes)),
    ...[...sorted.rates].flatMap(([id, market]) => readRate(id, market) ?? []),
    ...sorted.preLiquidations.flatMap(({ id, contract }) =>
      preLiquidationFactory ? [readPreLiquidation(preLiquidationFactory, id, contract)] : [],
    ),
    ...[...sorted.accounts].map((account) => readAccount(mirror, account)),
    ...[...sorted.oracles].map(([oracle, market]) => readPrice(oracle, market)),
    ...readPositions(mirror, [...sorted.places.values()]),
  ]
}
