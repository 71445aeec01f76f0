// A quote's line against the quote itself: whatever route and amount, the cuts stay within the slack.
import fc from 'fast-check'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { PriceReading } from '../../../model/price.ts'
import type { Env } from '../../adapter.ts'
import { chained, cutLine, IDENTITY, type Line, lineOf } from './line.ts'
import { quoteDown } from './quote.ts'
import { feedKeyOf, type Route, sharesKeyOf } from './route.ts'
import { scaleOf } from './scale.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const [ORACLE, BASE, QUOTE, VAULT] = [address('1'), address('2'), address('3'), address('4')]
const FEEDS = [address('5'), address('6')] as const
const NOW = 1_000_000

const decimals = fc.nat(24)
const scales = fc.tuple(decimals, decimals, decimals, fc.boolean())
const pair = { oracle: ORACLE, base: BASE, quote: QUOTE }

const chainlink = scales.chain((scale) =>
  fc
    .constantFrom(...FEEDS)
    .map((feed): Route => ({ kind: 'chainlink', ...pair, feed, maxStaleness: 60n, ...scaleOf(...scale) })),
)
const fixed = fc
  .tuple(scales, fc.bigInt({ min: 1n, max: 10n ** 18n }))
  .map(([scale, rate]): Route => ({ kind: 'fixed', ...pair, rate, ...scaleOf(...scale) }))
const end = fc.oneof(chainlink, fixed, fc.constant<Route>({ kind: 'identity' }))
const cross = fc.tuple(end, end).map(([first, second]): Route => ({ kind: 'cross', ...pair, first, second }))
const shares = fc
  .oneof(end, cross)
  .map((next): Route => ({ kind: 'shares', vault: VAULT, asset: BASE, next, sample: 1n }))
const routes = fc.oneof(end, cross, shares)

const price = fc.bigInt({ min: 1n, max: 10n ** 24n })
const envs = fc.tuple(price, price, price).map(([first, second, worth]): Env => {
  const all = [
    { key: feedKeyOf(FEEDS[0]), price: first, scale: 1n },
    { key: feedKeyOf(FEEDS[1]), price: second, scale: 1n },
    { key: sharesKeyOf(VAULT), price: worth, scale: 10n ** 18n },
  ]
  const readings = all.map((one): PriceReading => ({ kind: 'price', updatedAt: NOW, source: ORACLE, ...one }))
  return { timestamp: NOW, prices: (key: string) => readings.find((one) => one.key === key) } as Env
})

/** The line less a quote, as a fraction: at least 0, and below the slack. */
const shortfall = ({ numerator, denominator }: Line, amount: bigint, quoted: bigint) =>
  [amount * numerator - quoted * denominator, denominator] as const

test('a quote is on its line or below it, by the slack at most', () => {
  fc.assert(
    fc.property(routes, envs, fc.bigInt({ min: 0n, max: 2n ** 96n }), (route, env, amount) => {
      const line = lineOf(route, env)
      const [below, denominator] = shortfall(line, amount, quoteDown(route, amount, 'mid', env))
      expect(below >= 0n).toBe(true)
      expect(Number(below) / Number(denominator)).toBeLessThanOrEqual(line.slack)
    }),
  )
})

test('a line is proportional to its one price; to none where there are two, or where it is divided by', () => {
  const env = { timestamp: NOW, prices: () => ({ kind: 'price', price: 7n, scale: 1n, updatedAt: NOW }) }
  const direct = (feed: Address, isInverse = false): Route => ({
    ...{ kind: 'chainlink', ...pair, feed, maxStaleness: 60n },
    ...scaleOf(18, 18, 8, isInverse),
  })
  const [feed, other] = [direct(FEEDS[0]), direct(FEEDS[1])]
  const keyOf = (route: Route) => lineOf(route, env as unknown as Env).priceKey
  const crossed = (first: Route, second: Route): Route => ({ kind: 'cross', ...pair, first, second })
  expect(keyOf(feed)).toBe(feedKeyOf(FEEDS[0]))
  expect(keyOf(crossed(feed, { kind: 'identity' }))).toBe(feedKeyOf(FEEDS[0]))
  expect(keyOf(crossed(feed, other))).toBeNull()
  expect(keyOf(crossed(feed, feed))).toBeNull()
  expect(keyOf(direct(FEEDS[0], true))).toBeNull()
  expect(keyOf({ kind: 'identity' })).toBeUndefined()
})

test('what one step loses, the next multiplies', () => {
  expect(chained(cutLine(1n, 3n), IDENTITY).slack).toBeCloseTo(1)
  expect(chained(cutLine(1n, 3n), cutLine(10n, 1n)).slack).toBeCloseTo(11)
})
