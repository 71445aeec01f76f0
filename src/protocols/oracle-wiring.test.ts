import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hex,
  pad,
  stringToHex,
  toFunctionSelector,
} from 'viem'
import { expect, test } from 'vitest'
import type { CallResult, ContractCall } from '../model/evm.ts'
import { leavesOf, type Source, sourceCalls, sourceIn } from './oracle-wiring.ts'

const address = (digit: string): Address => getAddress(`0x${digit.repeat(40)}`)
const [MORPHO, CAPO, ETH, USDC, PEG] = ['a', 'b', 'c', 'd', 'e'].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]

const word = (value: Address): Hex => pad(value)
const text = (value: string): Hex => encodeAbiParameters([{ type: 'string' }], [value])

/** A chain of contracts: what each answers to which getter; everything else reverts. */
type Contracts = Readonly<Record<Address, Readonly<Record<string, Hex>>>>

const answer = (contracts: Contracts, { to, data }: ContractCall): CallResult => {
  const found = Object.entries(contracts[to] ?? {}).find(
    ([name]) => toFunctionSelector(`function ${name}()`) === data,
  )
  return found ? { ok: true, data: found[1] } : { ok: false, data: '0x', error: 'reverted without a reason' }
}

const sourcesOf = (contracts: Contracts): ReadonlyMap<Address, Source> =>
  new Map(
    (Object.keys(contracts) as Address[]).map((source) => [
      source,
      sourceIn(sourceCalls(source).map((call) => answer(contracts, call))),
    ]),
  )

const contracts: Contracts = {
  [MORPHO]: { BASE_FEED_1: word(CAPO), BASE_FEED_2: pad('0x'), QUOTE_FEED_1: word(USDC) },
  [CAPO]: { BASE_TO_USD_AGGREGATOR: word(ETH), description: text('Capped wstETH / stETH(ETH) / USD') },
  [ETH]: { description: text('ETH / USD') },
  [USDC]: { description: text('USDC / USD') },
}

test('a market oracle rests on the feed behind its cap, and inversely on the feed of what it is quoted in', () => {
  expect(leavesOf(MORPHO, sourcesOf(contracts))).toEqual([
    { feed: ETH, isInverse: false, description: 'ETH / USD' },
    { feed: USDC, isInverse: true, description: 'USDC / USD' },
  ])
})

test('a feed rests on itself, and so does a source that tells nothing, or is not known', () => {
  expect(leavesOf(ETH, sourcesOf(contracts))).toEqual([
    { feed: ETH, isInverse: false, description: 'ETH / USD' },
  ])
  expect(leavesOf(PEG, sourcesOf({ [PEG]: {} }))).toEqual([
    { feed: PEG, isInverse: false, description: null },
  ])
  expect(leavesOf(PEG, new Map())).toEqual([{ feed: PEG, isInverse: false, description: null }])
})

test('what is divided by what is divided is direct again; a feed on both sides is direct', () => {
  const sources = sourcesOf({
    [MORPHO]: { QUOTE_FEED_1: word(PEG), BASE_FEED_1: word(ETH) },
    [PEG]: { ASSET_TO_PEG: word(USDC), BASE_TO_PEG: word(ETH) },
  })
  expect(leavesOf(MORPHO, sources)).toEqual([
    { feed: ETH, isInverse: false, description: null },
    { feed: USDC, isInverse: true, description: null },
  ])
})

test('a reverse multiplicative feed divides by its second one', () => {
  const feeds = { priceFeedA: word(ETH), priceFeedB: word(USDC) }
  const isInverse = (contract: Readonly<Record<string, Hex>>) =>
    leavesOf(PEG, sourcesOf({ [PEG]: contract })).map((leaf) => leaf.isInverse)
  expect(isInverse(feeds)).toEqual([false, false])
  expect(isInverse({ ...feeds, priceFeedBScale: pad('0x5f5e100') })).toEqual([false, true])
})

test('a median says what it is of; noise is no address, and no text', () => {
  const wat = pad(stringToHex('ETHUSD'), { dir: 'right', size: 32 })
  expect(leavesOf(PEG, sourcesOf({ [PEG]: { src: word(ETH) }, [ETH]: { wat } }))).toEqual([
    { feed: ETH, isInverse: false, description: 'ETH / USD' },
  ])
  const noise: Hex = `0x${'f'.repeat(64)}`
  expect(sourcesOf({ [PEG]: { feed: noise, src: pad('0x01'), description: noise } }).get(PEG)).toEqual({
    behind: [],
    description: null,
  })
})

test('a circle ends', () => {
  const circle = sourcesOf({ [PEG]: { feed: word(ETH) }, [ETH]: { feed: word(PEG) } })
  expect(leavesOf(PEG, circle)).toHaveLength(1)
})
