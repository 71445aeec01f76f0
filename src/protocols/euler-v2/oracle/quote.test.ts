import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { PriceReading } from '../../../model/price.ts'
import { UINT256_MAX } from '../../../units/brands.ts'
import type { Env } from '../../adapter.ts'
import { QuoteFailedError, quoteDown } from './quote.ts'
import { feedKeyOf, isObserved, isUnread, priceKeysOf, quoteKeyOf, type Route } from './route.ts'
import { isInverseOf, scaleOf } from './scale.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const [ORACLE, FEED, BASE, QUOTE] = [address('1'), address('2'), address('3'), address('4')]
const NOW = 1_000_000

const readings = (list: readonly PriceReading[]): Env =>
  ({ timestamp: NOW, prices: (key: string) => list.find((one) => one.key === key) }) as Env

const feed = (price: bigint, updatedAt = NOW): PriceReading => ({
  ...{ kind: 'price', key: feedKeyOf(FEED), price, scale: 10n ** 8n, updatedAt, source: FEED },
})

/** 6 decimals of base, 18 of quote, 8 of the feed. */
const chainlink = (isInverse: boolean): Route => ({
  ...{ kind: 'chainlink', oracle: ORACLE, base: BASE, quote: QUOTE, feed: FEED, maxStaleness: 60n },
  ...scaleOf(6, 18, 8, isInverse),
})

const failing = (action: () => unknown): QuoteFailedError => {
  try {
    action()
  } catch (error) {
    if (error instanceof QuoteFailedError) return error
    throw error
  }
  throw new Error('nothing failed')
}

describe('a Chainlink adapter', () => {
  test('prices base in quote, and quote in base, each cut', () => {
    const env = readings([feed(3n * 10n ** 8n)])
    expect(quoteDown(chainlink(false), 1_000_000n, 'mid', env)).toBe(3n * 10n ** 18n)
    expect(quoteDown(chainlink(true), 10n ** 18n, 'mid', env)).toBe(333_333n)
  })

  test('takes an answer as old as it allows, and none older', () => {
    expect(quoteDown(chainlink(false), 1n, 'mid', readings([feed(1n, NOW - 60)]))).toBe(10_000n)
    const late = failing(() => quoteDown(chainlink(false), 1n, 'mid', readings([feed(1n, NOW - 61)])))
    expect([late.message, late.args, late.fault.reason]).toEqual([
      'PriceOracle_TooStale',
      [61n, 60n],
      'price-failed',
    ])
  })

  test('takes no answer of zero or below', () => {
    for (const price of [0n, -1n])
      expect(failing(() => quoteDown(chainlink(false), 1n, 'mid', readings([feed(price)]))).message).toBe(
        'PriceOracle_InvalidAnswer',
      )
  })

  test('passes on why its feed fails; one that was not read is not a failure of the price', () => {
    const failed: PriceReading = { kind: 'failed', key: feedKeyOf(FEED), error: 'reverted: feed is down' }
    expect(failing(() => quoteDown(chainlink(false), 1n, 'mid', readings([failed]))).message).toBe(
      'feed is down',
    )
    expect(failing(() => quoteDown(chainlink(false), 1n, 'mid', readings([]))).fault.reason).toBe(
      'not-yet-read',
    )
  })

  test('overflows as the contract does', () => {
    expect(() => quoteDown(chainlink(false), 1n, 'mid', readings([feed(UINT256_MAX)]))).toThrow()
    expect(() => quoteDown(chainlink(false), UINT256_MAX, 'mid', readings([feed(10n ** 8n)]))).toThrow(
      'FullMulDivFailed',
    )
  })
})

test('a cross is cut twice', () => {
  const fixed: Route = {
    ...{ kind: 'fixed', oracle: ORACLE, base: BASE, quote: QUOTE, rate: 5n },
    ...scaleOf(0, 0, 1, false),
  }
  const cross: Route = {
    kind: 'cross',
    oracle: ORACLE,
    base: BASE,
    quote: QUOTE,
    first: fixed,
    second: fixed,
  }
  expect(quoteDown(cross, 7n, 'mid', readings([]))).toBe(1n)
})

test('an oracle of another make is asked for the side that is wanted', () => {
  const route: Route = { kind: 'observed', oracle: ORACLE, base: BASE, quote: QUOTE, sample: 10n }
  const sides = (['mid', 'bid', 'ask'] as const).map((side, index): PriceReading => {
    const key = quoteKeyOf(ORACLE, BASE, QUOTE, side)
    return { kind: 'price', key, price: BigInt(20 + index), scale: 10n, source: ORACLE }
  })
  const of = (side: 'mid' | 'bid' | 'ask') => quoteDown(route, 100n, side, readings(sides))
  expect([of('mid'), of('bid'), of('ask')]).toEqual([200n, 210n, 220n])
  expect([isObserved(route), isUnread(route), priceKeysOf(route).length]).toEqual([true, false, 3])
})

test('what no oracle knows fails as the router does', () => {
  const route: Route = { kind: 'unsupported', oracle: ORACLE, base: BASE, quote: QUOTE }
  expect(failing(() => quoteDown(route, 1n, 'mid', readings([]))).message).toBe('PriceOracle_NotSupported')
})

test('an adapter is asked in its direction, the other way round, or in vain', () => {
  const asked = { oracle: ORACLE, base: BASE, quote: QUOTE }
  expect(isInverseOf(asked, BASE, QUOTE)).toBe(false)
  expect(isInverseOf(asked, QUOTE, BASE)).toBe(true)
  expect(isInverseOf(asked, BASE, FEED)).toBeUndefined()
})
