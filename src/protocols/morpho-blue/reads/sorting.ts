// Due keys sorted out.
import type { Address } from 'viem'
import type { Key } from '../../adapter.ts'
import type { Followed } from '../following.ts'
import { type ParsedKey, parseKey } from '../keys.ts'
import { type Id, type MorphoMarket, type MorphoMirror, positionKey } from '../state.ts'
import type { Place } from './position.ts'

/** What is to be read, each once. */
export type Sorted = {
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

const nothing = (): Sorted => ({
  params: new Set(),
  markets: new Map(),
  rates: new Map(),
  oracles: new Map(),
  accounts: new Set(),
  places: new Map(),
  preLiquidations: [],
  waiting: [],
})

type OfMarket = Extract<ParsedKey, { readonly id: Id }>

const addOfMarket = (sorted: Sorted, parsed: OfMarket, market: MorphoMarket): void => {
  const { id } = parsed
  if (parsed.kind === 'params') sorted.params.add(id)
  else if (parsed.kind === 'market') sorted.markets.set(id, market)
  else if (parsed.kind === 'rate') sorted.rates.set(id, market)
  else if (parsed.kind === 'pre-liquidation') sorted.preLiquidations.push({ id, contract: parsed.address })
  else sorted.places.set(positionKey(id, parsed.address), { market, id, account: parsed.address })
}

/** Sorts keys by what they name. A price that nobody followed depends on is left out. */
export const sort = (mirror: MorphoMirror, due: readonly Key[], { oracles }: Followed): Sorted => {
  const sorted = nothing()
  for (const key of due) {
    const parsed = parseKey(key)
    if (parsed.kind === 'account') sorted.accounts.add(parsed.address)
    else if (parsed.kind === 'price') {
      const served = oracles.get(parsed.address)
      if (served) sorted.oracles.set(parsed.address, served)
    } else {
      const { kind, id } = parsed
      const market = mirror.markets.get(id)
      if (market) addOfMarket(sorted, parsed, market)
      else {
        sorted.params.add(id)
        if (kind !== 'params') sorted.waiting.push(key)
      }
    }
  }
  return sorted
}
