import fc from 'fast-check'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { Feed } from '../model/feed.ts'
import { feedsByKey, shockedPrices } from './shocked-prices.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const [WETH, WSTETH, USDC, VAULT] = [address('1'), address('2'), address('3'), address('4')]
const USD = { symbol: 'USD', decimals: 8 }
const ETH = { symbol: 'WETH', decimals: 18, asset: WETH }

const feed = (key: string, asset: Address, quote: Feed['quote'], more: Partial<Feed> = {}): Feed => ({
  ...{ key, asset, symbol: key, quote, source: null },
  ...more,
})

const feeds = feedsByKey([
  feed('WETH', WETH, USD),
  feed('wstETH', WSTETH, ETH),
  feed('morpho', WETH, { symbol: 'USDC', decimals: 6, asset: USDC }),
  feed('share', VAULT, ETH, { isRate: true }),
  feed('both', USDC, USD),
  feed('both', WETH, USD),
])

const shocked = (shocks: Readonly<Record<Address, bigint>>) => shockedPrices(feeds, (asset) => shocks[asset])

test('a price moves with its asset, and against its quote', () => {
  const fall = shocked({ [WETH]: -300_000n })
  expect(fall('WETH', 2_000n)).toBe(1_400n)
  expect(fall('wstETH', 1_000n)).toBe(1_428n)
  expect(fall('morpho', 2_000n)).toBe(1_400n)
  expect(shocked({ [USDC]: -100_000n })('morpho', 1_800n)).toBe(2_000n)
})

test('what moves together keeps its price in each other', () => {
  expect(shocked({ [WETH]: -300_000n, [WSTETH]: -300_000n })('wstETH', 1_234n)).toBe(1_234n)
})

test('a share keeps its worth, unless it is shocked itself', () => {
  expect(shocked({ [WETH]: -300_000n })('share', 1_000n)).toBeUndefined()
  expect(shocked({ [VAULT]: -500_000n })('share', 1_000n)).toBe(500n)
})

test('a price of several assets moves with the first that is shocked; an unknown one stays', () => {
  expect(shocked({ [WETH]: -500_000n })('both', 1_000n)).toBe(500n)
  expect(shocked({ [WETH]: -500_000n, [USDC]: 0n })('both', 1_000n)).toBe(1_000n)
  expect(shocked({ [WETH]: -500_000n })('elsewhere', 1_000n)).toBeUndefined()
})

test('no price falls below 0, and a worthless quote still is one', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 2n ** 200n),
      fc.bigInt(-1_000_000n, 10_000_000n),
      fc.bigInt(-1_000_000n, 10_000_000n),
      (price, own, other) => {
        const next = shocked({ [WSTETH]: own, [WETH]: other })('wstETH', price) as bigint
        const base = 1_000_000n + other || 1n
        expect(next * base <= price * (1_000_000n + own)).toBe(true)
        expect((next + 1n) * base > price * (1_000_000n + own)).toBe(true)
      },
    ),
  )
})
