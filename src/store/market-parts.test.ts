import { expect, test } from 'vitest'
import type { Market } from '../model/market.ts'
import { marketOfParts, parsePartKey, partKey, partsOf } from './market-parts.ts'

const id = { chainId: 1, protocol: 'p', deployment: 'd', market: 'pool' }
const market = {
  id,
  label: 'Pool',
  quote: { symbol: 'USD', decimals: 8 },
  none: {},
  reserves: { b: { index: 2n }, a: { index: 1n }, 'of two words': {} },
  list: [{ a: 1 }],
} as unknown as Market

test('a market is the sum of its parts, entries of records in their order', () => {
  const parts = partsOf(market)
  expect([...parts.keys()]).toEqual(['reserves b', 'reserves a', 'reserves of two words', ''])
  const again = marketOfParts(id, 'pool', parts)
  expect(again).toStrictEqual(market)
  expect(Object.keys((again as unknown as { reserves: object }).reserves)).toEqual(['b', 'a', 'of two words'])
})

test('what is missing is no market', () => {
  const parts = new Map(partsOf(market))
  parts.delete('reserves a')
  expect(marketOfParts(id, 'pool', parts)).toBeUndefined()
  expect(marketOfParts(id, 'pool', new Map())).toBeUndefined()
})

test('keys of parts tell market and path', () => {
  for (const path of ['', 'reserves a', 'reserves of two words'])
    expect(parsePartKey(partKey('pool', path))).toEqual({ market: 'pool', path })
})
