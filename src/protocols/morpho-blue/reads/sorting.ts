// Due keys sorted out.
import type { Address } from 'viem'
import type { Key } from '../../adapter.ts'
import type { Followed } from '../following.ts'
import { type ParsedKey, parseKey } from '../keys.ts'
import { deploymentOf, type Id, type MorphoMarket, type MorphoMirror, positionKey } from '../state.ts'
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
  /** What logs announced of markets that are not known: it matters where an account turns out to have a loan. */
  readonly dormant: Map<Id, Key[]>
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
  dormant: new Map(),
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
  const isNamed = new Set(deploymentOf(mirror).markets)
  const announced: { readonly id: Id; readonly key: Key }[] = []
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
      else if (kind === 'pre-liquidation' || (kind === 'params' && !isNamed.has(id)))
        announced.push({ id, key })
      else {
        sorted.params.add(id)
        if (kind !== 'params') sorted.waiting.push(key)
      }
    }
  }
  for (const { id, key } of announced) {
    if (sorted.params.has(id)) sorted.waiting.push(key)
    else sorted.dormant.set(id, [...(sorted.dormant.get(id) ?? []), key])
  }
  return sorted
}
