import type { Address } from 'viem'
import { chunksOf } from '../../../units/chunks.ts'
import type { Key } from '../../adapter.ts'
import { type Followed, followed } from '../following.ts'
import { deploymentOf, type Id, type MorphoMirror, type MorphoRead, positionKey } from '../state.ts'
import { readAccount } from './account.ts'
import { readMarketState } from './market.ts'
import { readParams } from './params.ts'
import { readPositions } from './position.ts'
import { readPreLiquidation } from './pre-liquidation.ts'
import { readPrice } from './price.ts'
import { type Make, makesOf, readRate } from './rate.ts'
import { type Sorted, sort } from './sorting.ts'

const MARKETS_PER_CALL_MAX = 100

/** What is known of an account is read beside the search for more, so that one round is enough where nothing is new. */
const addKnownPositions = (mirror: MorphoMirror, { accounts, places }: Sorted): void => {
  for (const account of accounts)
    for (const [id, market] of mirror.markets) {
      const key = positionKey(id as Id, account)
      if (mirror.positions.has(key)) places.set(key, { market, id: id as Id, account })
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

/** A market whose model is of another make needs the rate too. */
const addGivenRates = ({ markets, rates }: Sorted, makes: ReadonlyMap<Address, Make>): void => {
  for (const [id, market] of markets) if (makes.get(market.params.irm) === 'given') rates.set(id, market)
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
  const makes: ReadonlyMap<Address, Make> = sorted.markets.size === 0 ? new Map() : makesOf(mirror)
  addGivenRates(sorted, makes)
  return [
    ...chunksOf([...sorted.params], MARKETS_PER_CALL_MAX).map((ids) =>
      readParams(mirror, ids, sorted.waiting),
    ),
    ...[...sorted.markets].map(([id, market]) => readMarketState(id, market, makes)),
    ...[...sorted.rates].flatMap(([id, market]) => readRate(id, market) ?? []),
    ...[...sorted.accounts].map((account) => readAccount(mirror, account, sorted.params)),
    ...[...sorted.oracles].map(([oracle, market]) => readPrice(oracle, market)),
    ...readPositions(mirror, [...sorted.places.values()]),
    ...sorted.preLiquidations.flatMap(({ id, contract }) =>
      preLiquidationFactory ? [readPreLiquidation(preLiquidationFactory, id, contract)] : [],
    ),
  ]
}
