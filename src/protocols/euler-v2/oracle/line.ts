// A quote as a straight line, for screening: what a unit is worth, and how much the cuts on the way take at most.
import type { PriceKey } from '../../../model/price.ts'
import type { Env } from '../../adapter.ts'
import { totalsOf } from '../accrual.ts'
import { readingOf, vaultIn } from './quote.ts'
import { feedKeyOf, quoteKeyOf, type Route, type Scale, sharesKeyOf } from './route.ts'

/**
 * amount · numerator / denominator, less `slack` at most, in units of what comes out. `priceKey` is the price that it is
 * proportional to: undefined where it rests on none, null where on several, or inversely.
 */
export type Line = {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly slack: number
  readonly priceKey: PriceKey | null | undefined
}

export const IDENTITY: Line = { numerator: 1n, denominator: 1n, slack: 0, priceKey: undefined }

/** ⌊amount · numerator / denominator⌋. */
export const cutLine = (numerator: bigint, denominator: bigint, priceKey?: PriceKey | null): Line => ({
  numerator,
  denominator,
  slack: 1,
  priceKey,
})

/** Keeps a slack an upper bound, however float64 rounds a step. */
const SLACK_MARGIN = 1 + 2 ** -40

const joined = (first: Line['priceKey'], second: Line['priceKey']): Line['priceKey'] => {
  if (first === undefined) return second
  return second === undefined ? first : null
}

/** One line after the other: what the first loses, the second multiplies. */
export const chained = (first: Line, second: Line): Line => {
  const slope = Number(second.numerator) / Number(second.denominator)
  return {
    numerator: first.numerator * second.numerator,
    denominator: first.denominator * second.denominator,
    slack: (first.slack * slope + second.slack) * SLACK_MARGIN,
    priceKey: joined(first.priceKey, second.priceKey),
  }
}

/** ScaleUtils.calcOutAmount. */
const scaledLine = (price: bigint, { priceScale, feedScale, isInverse }: Scale, key?: PriceKey): Line =>
  isInverse
    ? cutLine(feedScale, priceScale * price, key === undefined ? undefined : null)
    : cutLine(priceScale * price, feedScale, key)

const readLine = (env: Env, key: PriceKey): Line => {
  const { price, scale } = readingOf(env, key)
  return cutLine(price, scale, key)
}

/** `quoteDown` at the middle price, of a route and amounts that it quotes. */
export const lineOf = (route: Route, env: Env): Line => {
  switch (route.kind) {
    case 'vault': {
      const { assets, shares } = totalsOf(vaultIn(env, route.vault).status)
      return chained(cutLine(assets, shares), lineOf(route.next, env))
    }
    case 'shares':
      return chained(readLine(env, sharesKeyOf(route.vault)), lineOf(route.next, env))
    case 'chainlink': {
      const key = feedKeyOf(route.feed)
      return scaledLine(readingOf(env, key).price, route, key)
    }
    case 'fixed':
      return scaledLine(route.rate, route)
    case 'cross':
      return chained(lineOf(route.first, env), lineOf(route.second, env))
    case 'observed':
      return readLine(env, quoteKeyOf(route.oracle, route.base, route.quote, 'mid'))
    case 'identity':
    case 'unsupported':
    case 'unread':
      return IDENTITY
  }
}
