// What the prices on all routes are of.
import { type Address, ethAddress, getAddress } from 'viem'
import type { Feed } from '../../model/feed.ts'
import type { Quote } from '../../model/market.ts'
import { CURRENCY_DECIMALS, currencyOf } from './currency.ts'
import { feedKeyOf, priceKeysAt, type Route, sharesKeyOf, stepsOf } from './oracle/route.ts'
import { short } from './reads/calls.ts'
import type { EulerMarket, EulerMirror, Token } from './state.ts'

type Tokens = ReadonlyMap<Address, Token>

const NATIVE: Token = { symbol: 'ETH', decimals: CURRENCY_DECIMALS }

/** Tokens that vaults name: what they lend, their shares, what they take as collateral. */
const tokensIn = (markets: Iterable<EulerMarket>): Tokens => {
  const tokens = new Map<Address, Token>([[getAddress(ethAddress), NATIVE]])
  for (const { id, identity, collaterals = {} } of markets) {
    for (const [address, { token }] of Object.entries(collaterals)) tokens.set(address as Address, token)
    if (!identity) continue
    tokens.set(getAddress(id.market), identity.token)
    tokens.set(identity.asset, identity.assetToken)
  }
  return tokens
}

const quoteIn = (tokens: Tokens, address: Address): Quote => {
  const token = tokens.get(address) ?? { symbol: short(address), decimals: CURRENCY_DECIMALS }
  return currencyOf(address) ?? { ...token, asset: address }
}

const feedsOf = (step: Route, tokens: Tokens): readonly Feed[] => {
  const feedOf = (base: Address, quote: Address) => ({
    asset: base,
    symbol: quoteIn(tokens, base).symbol,
    quote: quoteIn(tokens, quote),
  })
  if (step.kind === 'chainlink') {
    const { base, quote, feed, isInverse } = step
    const of = isInverse ? feedOf(quote, base) : feedOf(base, quote)
    return [{ key: feedKeyOf(feed), ...of, source: feed }]
  }
  if (step.kind === 'shares') {
    const { vault, asset } = step
    return [{ key: sharesKeyOf(vault), ...feedOf(vault, asset), source: vault, isRate: true }]
  }
  if (step.kind !== 'observed') return []
  const { oracle, base, quote } = step
  return priceKeysAt(step).map((key) => ({ key, ...feedOf(base, quote), source: oracle }))
}

/** Answers of feeds, of oracles of other makes and of vaults, wherever a route passes them. */
export const feeds = ({ markets }: EulerMirror): readonly Feed[] => {
  const tokens = tokensIn(markets.values())
  const all = [...markets.values()].flatMap(({ routes = {} }) =>
    Object.values(routes).flatMap((route) => [...stepsOf(route)].flatMap((step) => feedsOf(step, tokens))),
  )
  return [...new Map(all.map((feed) => [`${feed.key} ${feed.asset}`, feed])).values()]
}
