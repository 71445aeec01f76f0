import type { Address } from 'viem'
import { chunksOf } from '../../../units/chunks.ts'
import type { Key } from '../../adapter.ts'
import { followed } from '../following.ts'
import { keys, type ParsedKey, parseKey } from '../keys.ts'
import { deploymentOf, type Id, type MorphoMarket, type MorphoMirror, type MorphoRead } from '../state.ts'
import { readMarketState } from './market.ts'
import { readPrice } from './oracle.ts'
import { readParams } from './params.ts'
import { readAccount, readPositions } from './position.ts'
import { readPreLiquidation } from './pre-liquidation.ts'
import { readRate } from './rate.ts'

const MARKETS_PER_CALL_MAX = 100

type Place = { readonly market: MorphoMarket; readonly id: Id; readonly account: Address }

/** Due keys sorted out: what each kind names, once. */
type Sorted = {
  readonly params: Set<Id>
  readonly markets: Map<Id, MorphoMarket>
  readonly rates: Map<Id, MorphoMarket>
  readonly oracles: Set<Address>
  readonly places: Place[]
  readonly others: ParsedKey[]
  /** Keys whose market is not known yet: they are due again once its parameters are. */
  readonly waiting: Key[]
}

const sort = (mirror: MorphoMirror, due: readonly Key[]): Sorted => {
  const sorted: Sorted = {
    params: new Set(),
    markets: new Map(),
    rates: new Map(),
    oracles: new Set(),
    places: [],
    others: [],
    waiting: [],
  }
  for (const key of due) {
    const parsed = parseKey(key)
    const market = 'id' in parsed ? mirror.markets.get(parsed.id) : undefined
    if (parsed.kind === 'params') sorted.params.add(parsed.id)
    else if (parsed.kind === 'price') sorted.oracles.add(parsed.address)
    else if (parsed.kind === 'account') sorted.others.push(parsed)
    else if (!market) {
      sorted.params.add(parsed.id)
      sorted.waiting.push(key)
    } else if (parsed.kind === 'market') sorted.markets.set(parsed.id, market)
    else if (parsed.kind === 'rate') sorted.rates.set(parsed.id, market)
    else if (parsed.kind === 'position')
      sorted.places.push({ market, id: parsed.id, account: parsed.address })
    else sorted.others.push(parsed)
  }
  return sorted
}

/** A position in a market that nobody tracked so far needs the market and its prices too, in the same round. */
const addUnfollowed = (mirror: MorphoMirror, { places, markets, oracles }: Sorted): void => {
  if (places.length === 0) return
  const { ids, oracles: priced } = followed(mirror)
  for (const { market, id } of places) {
    if (!ids.has(id) || !market.reading) markets.set(id, market)
    const ofContracts = Object.values(market.preLiquidations).map(({ oracle }) => oracle)
    for (const oracle of [market.params.oracle, ...ofContracts]) if (!priced.has(oracle)) oracles.add(oracle)
  }
}

const readsOfOthers = (mirror: MorphoMirror, others: readonly ParsedKey[]): readonly MorphoRead[] =>
  others.flatMap((parsed): readonly MorphoRead[] => {
    const { preLiquidationFactory } = deploymentOf(mirror)
    if (parsed.kind === 'account')
      return mirror.markets.size === 0 ? [] : [readAccount(mirror, parsed.address)]
    if (parsed.kind !== 'pre-liquidation' || !preLiquidationFactory) return []
    return [readPreLiquidation(preLiquidationFactory, parsed.id, parsed.address)]
  })

/**
 * How due keys are read. One round does for everything but a market that is not known at all and a rate model of another
 * make, whose contract wants the totals that the same round reads.
 */
export const reads = (mirror: MorphoMirror, due: readonly Key[]): readonly MorphoRead[] => {
  const sorted = sort(mirror, due)
  addUnfollowed(mirror, sorted)
  const waitingOf = (ids: readonly Id[]): readonly Key[] =>
    sorted.waiting.filter((key) => ids.some((id) => key.includes(id)))
  return [
    ...chunksOf([...sorted.params], MARKETS_PER_CALL_MAX).map((ids) =>
      readParams(mirror, ids, waitingOf(ids)),
    ),
    ...[...sorted.markets].map(([id, market]) => readMarketState(mirror, id, market)),
    ...[...sorted.rates].flatMap(([id, market]) => readRate(id, market) ?? []),
    ...readsOfOthers(mirror, sorted.others),
    ...[...sorted.oracles].map(readPrice),
    ...readPositions(sorted.places),
  ]
}

/** Where an account's loans are looked for: its word in every market of the mirror. */
export const locate = (_mirror: MorphoMirror, account: Address): readonly Key[] => [keys.account(account)]
