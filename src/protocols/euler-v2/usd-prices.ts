import type { Address } from 'viem'
import type { Env, UsdPrice } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { followed } from './following.ts'
import { quoteDown } from './oracle/quote.ts'
import { type Route, stepsOf } from './oracle/route.ts'
import type { EulerMarket, EulerMirror } from './state.ts'

/** Prices as last read, however old their feeds: no vault on the way, which would have to accrue to a block. */
const isByPricesOnly = (route: Route): boolean => [...stepsOf(route)].every(({ kind }) => kind !== 'vault')

const priceOf = (
  { identity, quote, routes }: EulerMarket,
  { prices }: EulerMirror,
): readonly (readonly [Address, UsdPrice])[] => {
  const route = identity && routes?.[identity.asset]
  if (!route || quote.symbol !== 'USD' || quote.asset || !isByPricesOnly(route)) return []
  const newest = [...prices.values()].reduce((latest, one) => {
    const at = one.kind === 'price' ? (one.updatedAt ?? 0) : 0
    return at > latest ? at : latest
  }, 0)
  const env = { timestamp: newest, prices: (key: string) => prices.get(key) } as Env
  const whole = 10n ** BigInt(identity.assetToken.decimals)
  const price = unlessRefused(() => quoteDown(route, whole, 'mid', env))
  if (typeof price !== 'bigint' || price === 0n) return []
  const { asset, oracle: source, assetToken } = identity
  return [[asset, { price, scale: 10n ** BigInt(quote.decimals), source, symbol: assetToken.symbol }]]
}

/** Assets of followed vaults that count in US dollars, by their oracles. For display and ranking only. */
export const usdPrices = (mirror: EulerMirror): ReadonlyMap<Address, UsdPrice> =>
  new Map([...followed(mirror).controllers.values()].flatMap((market) => priceOf(market, mirror)))
