import { describe, expect, test } from 'vitest'
import { parseChange, parseDepth, parseShock, repeatedIn } from './scenario.ts'
import { crashDays } from './scenario-days.ts'

describe('a change', () => {
  test.each([
    ['-30%', -300_000n],
    ['−30 %', -300_000n],
    ['+12.5%', 125_000n],
    ['0.0001%', 1n],
    ['-100%', -1_000_000n],
  ])('%s', (text, changePpm) => expect(parseChange(text)).toEqual({ value: changePpm }))

  test.each([
    ['-100.0001%', 'is below -100%'],
    ['-30', 'write a percentage'],
    ['30 percent', 'write a percentage'],
    ['', 'write a percentage'],
    ['NaN%', 'write a percentage'],
    ['1e3%', 'write a percentage'],
    ['-0.00001%', 'more than 4 decimals'],
    ['+100001%', 'above +100000%'],
  ])('%s is none', (text, fault) =>
    expect(parseChange(text)).toMatchObject({ fault: expect.stringContaining(fault) }),
  )
})

test('a shock names an asset or a group, and may hold an equals sign before its change', () => {
  expect(parseShock('WETH=-30%')).toEqual({ value: { subject: 'WETH', changePpm: -300_000n } })
  expect(parseShock('a=b=-1%')).toEqual({ value: { subject: 'a=b', changePpm: -10_000n } })
  for (const text of ['WETH', '=-30%', 'WETH-30%'])
    expect(parseShock(text)).toMatchObject({ fault: expect.stringContaining('is no shock') })
})

test('a depth is dollars, with a magnitude', () => {
  expect(parseDepth('WETH=5m')).toEqual({ value: { subject: 'WETH', depthUsd: 5e6 } })
  expect(parseDepth('WBTC=1_500.5k')).toEqual({ value: { subject: 'WBTC', depthUsd: 1_500_500 } })
  for (const text of ['WETH', 'WETH=', 'WETH=much', 'WETH=-5m', 'WETH=0', 'WETH=1.2.3'])
    expect(parseDepth(text)).toMatchObject({ fault: expect.stringContaining('is no depth') })
})

test('what is named twice is told once', () => expect(repeatedIn(['a', 'b', 'a', 'a'])).toEqual(['a']))

test('crash days are the figures: to the low first, to the close a day later', () => {
  const day = crashDays.find(({ name }) => name === '2022-06-13')
  expect(day?.steps).toMatchObject([
    {
      name: 'low',
      seconds: 0,
      shocks: [
        { subject: 'ETH', changePpm: -187_749n },
        { subject: 'BTC', changePpm: -174_931n },
      ],
    },
    {
      name: 'close',
      seconds: 86_400,
      shocks: [
        { subject: 'ETH', changePpm: -156_825n },
        { subject: 'BTC', changePpm: -153_798n },
      ],
    },
  ])
  for (const { steps } of crashDays) for (const { shocks } of steps) expect(shocks.length).toBeGreaterThan(0)
})
