import { describe, expect, test } from 'vitest'
import { loadScenario, parseScenario } from './scenario-file.ts'

const faultsOf = (text: string): readonly string[] => {
  try {
    parseScenario('s.yaml', text)
    return []
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}

describe('a scenario', () => {
  test('of one step', () =>
    expect(
      parseScenario('s.yaml', 'name: depeg\nshocks:\n  ETH: -30%\n  stETH: -5%\nfrozen: [USDC]\ntime: 2d\n'),
    ).toEqual({
      name: 'depeg',
      steps: [
        {
          name: 'depeg',
          shocks: [
            { subject: 'ETH', changePpm: -300_000n },
            { subject: 'stETH', changePpm: -50_000n },
          ],
          ...{ frozen: ['USDC'], seconds: 172_800 },
        },
      ],
    }))

  test('with jumps of interest', () =>
    expect(parseScenario('s.yaml', 'rates: { USDC: +5%, all: -0.25% }\ntime: 30d\n').steps).toEqual([
      {
        ...{ name: 's.yaml', shocks: [], frozen: [], seconds: 2_592_000 },
        rates: [
          { subject: 'USDC', risePpm: 50_000n },
          { subject: 'all', risePpm: -2_500n },
        ],
      },
    ]))

  test('of several, in JSON, an address among its assets', () => {
    const address = `0x${'12'.repeat(20)}`
    const text = JSON.stringify({ steps: [{ name: 'low', shocks: { [address]: '-50%' } }, { time: '1h' }] })
    expect(parseScenario('s.json', text)).toMatchObject({
      name: 's.json',
      steps: [
        { name: 'low', shocks: [{ subject: address, changePpm: -500_000n }], seconds: 0 },
        { name: 'step 2', shocks: [], seconds: 3_600 },
      ],
    })
    expect(parseScenario('s.yaml', `shocks: { ${address}: -1% }`).steps[0]?.shocks[0]?.subject).toBe(address)
  })
})

describe('every fault of a file is told with its line', () => {
  test.each([
    [
      'shocks:\n  WETH: -130%\n  WBTC: much\n',
      [
        's.yaml:2:3 shocks.WETH: "-130%" is below -100%; no price falls by more than all of it',
        's.yaml:3:3 shocks.WBTC: "much" is no change of a price; write a percentage such as -30%',
      ],
    ],
    [
      'shocks:\n  WETH: -30\n',
      [expect.stringContaining('s.yaml:2:3 shocks.WETH: "-30" is no change of a price')],
    ],
    [
      'shock:\n  WETH: -30%\n',
      [
        expect.stringContaining('s.yaml:1:1 shock: is no key that Plimsoll knows'),
        's.yaml:1:1: says nothing that happens; write shocks, time or steps',
      ],
    ],
    [
      'steps:\n  - name: a\n    time: soon\n',
      [expect.stringContaining('s.yaml:3:5 steps[0].time: "soon" is no span of time')],
    ],
    ['rates:\n  USDC: +5%\n', ['s.yaml:1:1 rates: needs a time; add one such as time: 30d']],
    [
      'steps:\n  - rates: { USDC: 5 }\n    time: 1d\n  - shocks: { WETH: -1% }\n    rates: { all: -101% }\n    time: 1d\n',
      [
        's.yaml:2:14 steps[0].rates.USDC: "5" is no change of a rate; write points a year such as +5%',
        's.yaml:5:14 steps[1].rates.all: "-101%" is below -100%; no rate falls by more than 100 points a year',
      ],
    ],
    ['steps: []\n', [expect.stringContaining('steps: has no steps')]],
    ['name: nothing\n', [expect.stringContaining('says nothing that happens')]],
    ['time: 1d\nsteps:\n  - time: 1d\n', [expect.stringContaining('s.yaml:2:1 steps: stands beside shocks')]],
    ['frozen:\n  - { a: b }\ntime: 1d\n', [expect.stringContaining('frozen[0]: is no asset')]],
    ['shocks:\n - WETH\n  WBTC: 1\n', [expect.stringContaining('this is no YAML')]],
    ['WETH=-30%', [expect.stringContaining('s.yaml:1:1')]],
    [
      'shocks:\n  WETH: -30%\n  WETH: -40%\n',
      [expect.stringContaining('s.yaml:3:3: this is no YAML: Map keys must be unique')],
    ],
  ])('%j', (text, faults) => expect(faultsOf(text)).toEqual(faults))

  test('a file that is not there', () =>
    expect(() => loadScenario('/no/such/file')).toThrow(/no\/such\/file cannot be read/))
})
