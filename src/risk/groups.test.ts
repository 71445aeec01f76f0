import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Feed, Leaf } from '../model/feed.ts'
import { type GroupingOptions, groupingOf } from './groups.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const [WETH, WSTETH, WEETH, USDC, USDT, GOLD] = ['1', '2', '3', '4', '5', '6'].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const [ETH_FEED, CAPO, OTHER_ETH_FEED, USD_FEED, MORPHO] = ['a', 'b', 'c', 'd', 'e'].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]

const USD = { symbol: 'USD', decimals: 8 }
const feed = (asset: Address, symbol: string, source: Address | null = null): Feed => ({
  ...{ key: `price:${symbol}`, asset, symbol, quote: USD, source },
})
const leaf = (one: Address, description: string | null, isInverse = false): Leaf => ({
  ...{ feed: one, description, isInverse },
})

const options = (changes: Partial<GroupingOptions>): GroupingOptions => ({
  feeds: [feed(WETH, 'WETH'), feed(WSTETH, 'wstETH'), feed(USDC, 'USDC')],
  settings: [],
  wiring: new Map(),
  usdPriceOf: () => undefined,
  ...changes,
})

const namesIn = (changes: Partial<GroupingOptions>) =>
  groupingOf(options(changes)).groups.map(({ name, members }) => [name, members.map(({ symbol }) => symbol)])

describe('groups', () => {
  test('an asset that nothing joins is a group of its own; one asset in several feeds is one', () => {
    expect(namesIn({ feeds: [feed(WETH, 'WETH'), feed(WETH, 'WETH', ETH_FEED), feed(GOLD, 'XAU')] })).toEqual(
      [
        ['WETH', ['WETH']],
        ['XAU', ['XAU']],
      ],
    )
  })

  test('the same source joins, and so does the same feed behind sources; it gives its name', () => {
    const feeds = [feed(WETH, 'WETH', ETH_FEED), feed(WSTETH, 'wstETH', CAPO), feed(USDC, 'USDC', USD_FEED)]
    expect(namesIn({ feeds })).toEqual([
      ['WETH', ['WETH']],
      ['wstETH', ['wstETH']],
      ['USDC', ['USDC']],
    ])
    expect(namesIn({ feeds: [feed(WETH, 'WETH', ETH_FEED), feed(WSTETH, 'wstETH', ETH_FEED)] })).toEqual([
      ['WETH', ['WETH', 'wstETH']],
    ])
    const wiring = new Map([
      [ETH_FEED, [leaf(ETH_FEED, 'ETH / USD')]],
      [CAPO, [leaf(ETH_FEED, 'ETH / USD'), leaf(address('9'), null)]],
      [USD_FEED, [leaf(USD_FEED, 'USDC / USD')]],
    ])
    expect(namesIn({ feeds, wiring })).toEqual([
      ['ETH', ['WETH', 'wstETH']],
      ['USDC', ['USDC']],
    ])
  })

  test('feeds that say the same of themselves are the same; what a price is divided by joins nothing', () => {
    const feeds = [feed(WETH, 'WETH', ETH_FEED), feed(WSTETH, 'wstETH', MORPHO), feed(USDC, 'USDC', USD_FEED)]
    const wiring = new Map([
      [ETH_FEED, [leaf(ETH_FEED, 'ETH / USD')]],
      [MORPHO, [leaf(OTHER_ETH_FEED, 'ETH/USD'), leaf(USD_FEED, 'USDC / USD', true)]],
      [USD_FEED, [leaf(USD_FEED, 'USDC / USD')]],
    ])
    expect(namesIn({ feeds, wiring })).toEqual([
      ['ETH', ['WETH', 'wstETH']],
      ['USDC', ['USDC']],
    ])
  })

  test('configuration comes first, takes symbols and addresses, and what is found joins it; two of them never become one', () => {
    const feeds = [
      feed(WETH, 'WETH', ETH_FEED),
      feed(WEETH, 'weETH', ETH_FEED),
      feed(WSTETH, 'wstETH', ETH_FEED),
    ]
    const settings = [
      { name: 'ether', assets: ['WETH', GOLD.toUpperCase().replace('0X', '0x')] },
      { name: 'staked', assets: ['wstETH'], stable: true },
    ]
    const { groups, groupOf } = groupingOf(options({ feeds, settings }))
    expect(groupOf(WETH)?.name).toBe('ether')
    expect(groupOf(GOLD)?.name).toBe('ether')
    expect(groupOf(WEETH)?.name).toBe('ether')
    expect(groupOf(WSTETH)).toMatchObject({ name: 'staked', isStable: true })
    expect(groups).toHaveLength(2)
  })

  test('names are free: a second group that would have the same is called by its asset', () => {
    const [first, second] = [address('7'), address('8')]
    const wiring = new Map([
      [first, [leaf(first, 'ETH / USD')]],
      [second, [leaf(second, 'ETH / BTC')]],
    ])
    expect(namesIn({ feeds: [feed(WETH, 'WETH', first), feed(GOLD, 'rETH', second)], wiring })).toEqual([
      ['ETH', ['WETH']],
      ['rETH', ['rETH']],
    ])
  })

  test('stable is what is worth a dollar, 2 % up or down, or what configuration says', () => {
    const prices = new Map([
      [USDC, 98_000_000n],
      [USDT, 102_000_001n],
      [WETH, 200_000_000_000n],
    ])
    const usdPriceOf = (asset: Address) => {
      const price = prices.get(asset)
      return price === undefined ? undefined : { price, scale: 100_000_000n }
    }
    const feeds = [feed(USDC, 'USDC'), feed(USDT, 'USDT'), feed(WETH, 'WETH'), feed(GOLD, 'XAU')]
    const isStable = (settings: GroupingOptions['settings']) =>
      groupingOf(options({ feeds, usdPriceOf, settings })).groups.map((group) => group.isStable)
    expect(isStable([])).toEqual([true, false, false, false])
    expect(
      isStable([
        { name: 'a', assets: ['USDC'], stable: false },
        { name: 'b', assets: ['WETH'], stable: true },
      ]),
    ).toEqual([false, false, true, false])
  })
})
