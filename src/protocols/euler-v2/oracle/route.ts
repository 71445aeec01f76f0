// How an oracle comes from an asset to the unit of account, as far as its contracts can be known.
import type { Address } from 'viem'
import type { PriceKey } from '../../../model/price.ts'

/** Which price of an oracle: the middle one, what collateral is taken at for borrowing, or what debt is. */
export type Side = 'mid' | 'bid' | 'ask'

/** Units of base and quote as ScaleUtils packs them, and whether the adapter is asked the other way round. */
export type Scale = {
  readonly priceScale: bigint
  readonly feedScale: bigint
  readonly isInverse: boolean
}

/** An oracle and what it was asked to price in what. */
export type Pair = { readonly oracle: Address; readonly base: Address; readonly quote: Address }

/** ChainlinkOracle: the feed's answer, at most `maxStaleness` s old. */
export type ChainlinkRoute = Pair &
  Scale & { readonly kind: 'chainlink'; readonly feed: Address; readonly maxStaleness: bigint }

/** FixedRateOracle. */
export type FixedRoute = Pair & Scale & { readonly kind: 'fixed'; readonly rate: bigint }

/** CrossAdapter, its two oracles in the order in which it asks them. */
export type CrossRoute = Pair & { readonly kind: 'cross'; readonly first: Route; readonly second: Route }

/** The router's resolved vault, by its convertToAssets; `shares` of one of another make, read of `sample` shares. */
export type VaultRoute = {
  readonly vault: Address
  readonly asset: Address
  readonly next: Route
} & ({ readonly kind: 'vault' } | { readonly kind: 'shares'; readonly sample: bigint })

/**
 * The steps of a quote. `observed`: an oracle of another make, read of `sample` units of base; `unsupported`: the oracle
 * knows no way.
 */
export type Route =
  | { readonly kind: 'identity' }
  | VaultRoute
  | ChainlinkRoute
  | FixedRoute
  | CrossRoute
  | (Pair & { readonly kind: 'observed'; readonly sample: bigint })
  | (Pair & { readonly kind: 'unsupported' })
  | UnreadRoute

/** What is still to be found out: `name` and `adapter` are what is known so far. */
export type UnreadRoute = Pair & {
  readonly kind: 'unread'
  readonly name?: string
  readonly adapter?: Unscaled
}

/** A Chainlink adapter whose feed's decimals are still to be read. */
export type Unscaled = {
  readonly feed: Address
  readonly maxStaleness: bigint
  readonly baseDecimals: number
  readonly quoteDecimals: number
  readonly isInverse: boolean
}

/** The answer of a Chainlink feed. */
export const feedKeyOf = (feed: Address): PriceKey => `feed:${feed}`

/** What an oracle of another make answers for its sample. */
export const quoteKeyOf = (oracle: Address, base: Address, quote: Address, side: Side): PriceKey =>
  `quote:${oracle}:${base}:${quote}:${side}`

/** What a vault of another make says that its sample of shares is worth. */
export const sharesKeyOf = (vault: Address): PriceKey => `shares:${vault}`

/** The unit of account itself, which no oracle prices. */
export const UNIT_KEY: PriceKey = 'unit'

/** A route and everything behind it, in the order of its steps. */
export function* stepsOf(route: Route): Generator<Route> {
  yield route
  if (route.kind === 'vault' || route.kind === 'shares') yield* stepsOf(route.next)
  if (route.kind === 'cross') {
    yield* stepsOf(route.first)
    yield* stepsOf(route.second)
  }
}

/** The route with every step that is still to be found out replaced. */
export const mapUnread = (route: Route, replace: (unread: UnreadRoute) => Route): Route => {
  if (route.kind === 'unread') return replace(route)
  if (route.kind === 'vault' || route.kind === 'shares')
    return { ...route, next: mapUnread(route.next, replace) }
  if (route.kind === 'cross')
    return { ...route, first: mapUnread(route.first, replace), second: mapUnread(route.second, replace) }
  return route
}

export const isUnread = (route: Route): boolean => [...stepsOf(route)].some(({ kind }) => kind === 'unread')

/** Whether a step is read by view, of a sample: then amounts between are in proportion, which may not be the oracle's own rounding. */
export const isObserved = (route: Route): boolean =>
  [...stepsOf(route)].some(({ kind }) => kind === 'observed' || kind === 'shares')

/** Prices that one step itself asks for. */
export const priceKeysAt = (step: Route): readonly PriceKey[] => {
  if (step.kind === 'chainlink') return [feedKeyOf(step.feed)]
  if (step.kind === 'shares') return [sharesKeyOf(step.vault)]
  if (step.kind !== 'observed') return []
  const { oracle, base, quote } = step
  return (['mid', 'bid', 'ask'] as const).map((side) => quoteKeyOf(oracle, base, quote, side))
}

/** Prices that a route rests on, the volatile one first where it has several. */
export const priceKeysOf = (route: Route): readonly PriceKey[] => [...stepsOf(route)].flatMap(priceKeysAt)
