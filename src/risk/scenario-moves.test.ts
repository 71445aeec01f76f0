import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { createNames, movesOf, strangersIn, withMore } from './scenario-moves.ts'

const address = (digit: string): Address => `0x${digit.repeat(40)}`
const [WETH, STETH, USDC, BRIDGED, LINK] = ['a', '2', '3', '4', '5'].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const names = createNames(
  [
    { asset: WETH, symbol: 'WETH' },
    { asset: STETH, symbol: 'stETH' },
    { asset: USDC, symbol: 'USDC' },
    { asset: BRIDGED, symbol: 'USDC' },
    { asset: LINK, symbol: 'LINK' },
  ],
  [
    {
      ...{ name: 'ETH', isStable: false },
      members: [
        { asset: WETH, symbol: 'WETH' },
        { asset: STETH, symbol: 'stETH' },
      ],
    },
    { name: 'USDC', isStable: true, members: [{ asset: USDC, symbol: 'USDC' }] },
  ],
)
const changesOf = (shocks: Readonly<Record<string, bigint>>) =>
  movesOf(
    {
      ...{ name: 'test', frozen: [], seconds: 0 },
      shocks: Object.entries(shocks).map(([subject, changePpm]) => ({ subject, changePpm })),
    },
    names,
  ).changes

test.each(['ETH', 'WETH', 'weth', 'eth'])('%s names the whole group', (name) =>
  expect(changesOf({ [name]: -300_000n })).toEqual(
    new Map([
      [WETH, -300_000n],
      [STETH, -300_000n],
    ]),
  ),
)

test('another symbol or an address moves one asset alone, on top of its group, in whatever order', () => {
  const both = new Map([
    [WETH, -300_000n],
    [STETH, -335_000n],
  ])
  expect(changesOf({ WETH: -300_000n, stETH: -50_000n })).toEqual(both)
  expect(changesOf({ stETH: -50_000n, WETH: -300_000n })).toEqual(both)
  expect(changesOf({ [STETH.toUpperCase().replace('X', 'x')]: -50_000n })).toEqual(
    new Map([[STETH, -50_000n]]),
  )
})

test('assets of one symbol move together', () =>
  expect([...changesOf({ usdc: -10_000n }).keys()]).toEqual([USDC, BRIDGED]))

test('names that nothing bears are told, once each', () => {
  const step = {
    ...{ name: 'test', frozen: ['EURC', 'WETH'], seconds: 0 },
    shocks: [
      { subject: 'WBTC', changePpm: 0n },
      { subject: 'EURC', changePpm: 0n },
      { subject: address('9'), changePpm: 0n },
    ],
  }
  expect(strangersIn(step, names)).toEqual(['WBTC', 'EURC', address('9')])
  expect(names.known).toBe('ETH, LINK, stETH, USDC, WETH')
  expect([...movesOf(step, names).frozen]).toEqual([WETH, STETH])
})

test('nothing is left of what falls altogether, whatever happens besides', () => {
  const moves = { changes: changesOf({ WETH: -1_000_000n }), frozen: new Set<Address>(), seconds: 0 }
  expect(withMore(moves, new Map([[WETH, 500_000n]])).changes.get(WETH)).toBe(-1_000_000n)
})

test('points of all, of groups and of single assets add up; names are found as those of shocks are', () => {
  const step = {
    ...{ name: 'test', shocks: [], frozen: [], seconds: 60 },
    rates: [
      { subject: 'all', risePpm: 10_000n },
      { subject: 'ETH', risePpm: 20_000n },
      { subject: 'stETH', risePpm: -5_000n },
    ],
  }
  expect(movesOf(step, names).rises).toEqual({
    everywhere: 10_000n,
    assets: new Map([
      [WETH, 20_000n],
      [STETH, 15_000n],
    ]),
  })
  expect(strangersIn({ ...step, rates: [...step.rates, { subject: 'EURC', risePpm: 1n }] }, names)).toEqual([
    'EURC',
  ])
})
