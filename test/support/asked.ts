// What a loan's assessment asks for.
import type { Market, Position } from '../../src/model/market.ts'
import type { PriceKey } from '../../src/model/price.ts'
import type { Adapter, Env, Mirror } from '../../src/protocols/adapter.ts'

/** Prices that a loan's health and the terms of its liquidation rest on, and a mirror of all markets that were asked for on the way. */
export const askedOf = (
  adapter: Adapter,
  { market, position, env }: { readonly market: Market; readonly position: Position; readonly env: Env },
): { readonly prices: ReadonlySet<PriceKey>; readonly mirror: Mirror } => {
  const asked = new Set<PriceKey>()
  const markets = new Map([[market.id.market, market]])
  const spied: Env = {
    ...env,
    prices: (key) => {
      asked.add(key)
      return env.prices(key)
    },
    markets: (name) => {
      const found = env.markets(name)
      if (found) markets.set(name, found)
      return found
    },
  }
  adapter.assess(market, position, spied)
  adapter.terms(market, position, spied)
  const { chainId, protocol, deployment } = market.id
  const nothing = { positions: new Map(), prices: new Map(), tallies: new Map() }
  return { prices: asked, mirror: { deployment: { chainId, protocol, deployment }, markets, ...nothing } }
}
