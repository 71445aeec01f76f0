// What a stored book says of scenarios, through the command line. No chain: the database is written as if one had been followed.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { stress as runStress } from '../../src/cli/commands/stress.ts'
import type { Options } from '../../src/cli/run.ts'
import { BaseError } from '../../src/model/errors.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import { simulateBook } from '../simulation/screen-world.ts'
import { cli } from '../support/cli.ts'
import { storeMirror } from '../support/store-mirror.ts'
import { type Workspace, writeWorkspace } from '../support/workspace.ts'

const LOANS = 300

let work: Workspace
beforeAll(() => {
  const mirror = simulateBook(3, LOANS)
  work = writeWorkspace({
    chains: [
      {
        ...{ id: 31_337, rpc: ['http://127.0.0.1:1'] },
        markets: [
          {
            ...{ protocol: 'aave-v3', deployment: 'simulated', fromBlock: 1 },
            poolAddressesProvider: `0x${'0'.repeat(38)}aa`,
          },
        ],
      },
    ],
    groups: [{ name: 'ETH', assets: ['WETH'] }],
  })
  const hash = `0x${'11'.repeat(32)}` as const
  storeMirror(work.storeFile, aaveV3, mirror, { chainId: 31_337, number: 1n, hash, timestamp: 1_000_012 })
})

const stress = (...args: readonly string[]) => cli(['stress', ...args, '--config', work.configFile])
const json = async (...args: readonly string[]) => {
  const { exitCode, stdout } = await stress(...args, '--json')
  return { exitCode, value: JSON.parse(stdout) }
}
const written = (name: string, text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-stress-')), name)
  writeFileSync(file, text)
  return file
}

describe('a shock', () => {
  test('says what becomes liquidatable, by market and asset, and exits 1', async () => {
    const { exitCode, value } = await json('--shock', 'ETH=-30%', '--top', '3')
    expect(exitCode).toBe(1)
    const [step] = value.steps
    expect(step.moved).toMatchObject([{ symbol: 'WETH', changePpm: '-300000' }])
    expect(step.newly.count).toBe(step.newlyLiquidatable.length)
    expect(step.newly.debtUsd).toMatch(/^\d+\.\d\d$/)
    expect(step.markets).toMatchObject([{ protocol: 'aave-v3', market: 'pool', newly: step.newly }])
    expect(step.assets.map(({ symbol }: { symbol: string }) => symbol).sort()).toEqual([
      'DAI',
      'USDC',
      'WBTC',
      'WETH',
    ])
    expect(step.largest).toHaveLength(3)
    expect(step.newlyLiquidatable).toContain(step.largest[0].id)
    expect(value.unmoved).toMatchObject([{ symbol: 'WBTC' }])
    const { stdout } = await stress('--shock', 'WETH=-30%')
    for (const text of ['WETH −30.00 %', 'newly liquidatable', 'volatile and not moved: WBTC'])
      expect(stdout).toContain(text)
  })

  test('that does nothing exits 0; one asset alone falls on top of its group, and a frozen price stays', async () => {
    expect((await json('--shock', 'WETH=0%')).exitCode).toBe(0)
    expect((await json('--shock', 'WETH=-30%', '--frozen', 'WETH')).exitCode).toBe(0)
    const { value } = await json('--shock', 'ETH=-10%', 'WBTC=-5%', '--shock', 'USDC=-1%')
    expect(value.steps[0].moved.map((one: { changePpm: string }) => Number(one.changePpm)).sort()).toEqual([
      -10_000, -100_000, -50_000,
    ])
  })

  test('time alone makes loans liquidatable', async () => {
    const { exitCode, value } = await json('--time', '365d')
    expect([exitCode, value.steps[0].seconds]).toEqual([1, 31_536_000])
    expect(value.steps[0].newly.count).toBeGreaterThan(0)
  })
})

test('rates that are higher cost more in the same time, by option or by file', async () => {
  const dear = await json('--rate', 'all=+50%', '--time', '30d')
  expect(dear.value.steps[0]).toMatchObject({ rates: [{ subject: 'all', risePpm: '500000' }], keptRates: [] })
  const text = 'rates: { USDC: +5%, all: +45% }\ntime: 30d\n'
  const { value } = await json('--scenario', written('r.yaml', text))
  expect(value.steps[0].newly.count).toBeLessThanOrEqual(dear.value.steps[0].newly.count)
  expect(value.steps[0].newly.count).toBeGreaterThan(0)
  const { stdout } = await stress('--rate', 'all=+50%', '--time', '30d')
  expect(stdout).toContain('rates a year: all +50.00 %')
})

test('scenarios: crash days by name, files of several steps, paths of prices', async () => {
  const day = await json('--scenario', '2022-06-13')
  expect(day.value.steps.map(({ name }: { name: string }) => name)).toEqual(['low', 'close'])
  expect(day.value.everNewlyLiquidatable).toBeGreaterThanOrEqual(day.value.steps[0].newly.count)
  const file = written(
    's.yaml',
    'name: two\nsteps:\n  - { name: a, shocks: { WETH: -10% } }\n  - { name: b, shocks: { WETH: -40% } }\n',
  )
  const steps = (await json('--scenario', file)).value.steps
  expect(Number(steps[1].newly.debtUsd)).toBeGreaterThan(Number(steps[0].newly.debtUsd))
  const path = written('p.csv', 'time,symbol,open,high,low,close\n2022-06-13T00:00:00Z,ETH,100,100,60,90\n')
  const walked = await json('--path', path)
  expect(walked.value.steps.map((one: { moved: unknown[] }) => one.moved)).toMatchObject([
    [{ symbol: 'WETH', changePpm: '-400000' }],
    [{ symbol: 'WETH', changePpm: '-100000' }],
  ])
  expect(Number(walked.value.steps[0].newly.debtUsd)).toBeCloseTo(Number(steps[1].newly.debtUsd), 2)
  expect((await cli(['stress', '--scenario', 'list'])).stdout).toContain('2020-03-12')
})

test('the curve and the cascade, as plots and as numbers', async () => {
  const { value } = await json(
    '--curve',
    '--shock',
    'WETH=-30%',
    '--cascade',
    '--depth',
    'WETH=100k',
    'WBTC=100k',
  )
  expect(value.curves.map(({ name }: { name: string }) => name)).toEqual([
    'everything volatile',
    'ETH',
    'WBTC',
  ])
  expect(value.curves[0].depths).toHaveLength(90)
  const { cascade } = value
  expect(cascade.amplification).toBeGreaterThan(1)
  expect(cascade.sensitivity.map(({ factor }: { factor: number }) => factor)).toEqual([0.25, 0.5, 1, 2, 4])
  expect(cascade.withFeedback.liquidated).toEqual(expect.arrayContaining(cascade.onlyBySpiral))
  const { stdout } = await stress('--curve', '--shock', 'WETH=-30%', '--cascade', '--depth', 'WETH=100k')
  for (const text of ['█', '−90 %', 'amplification', 'sold without a stated depth', '×0.25'])
    expect(stdout).toContain(text)
})

test('markets say how their loans are spread over health', async () => {
  const { stdout } = await cli(['markets', '--json', '--config', work.configFile])
  const [{ distribution, positionCount }] = JSON.parse(stdout).markets
  const count = distribution.bands.reduce((sum: number, band: { count: number }) => sum + band.count, 0)
  expect(positionCount).toBe(LOANS)
  expect(count).toBeGreaterThan(LOANS / 2)
  expect(distribution).toMatchObject({
    weightedHealth: expect.stringMatching(/^\d{18,}$/),
    largest: { id: expect.any(String) },
  })
  expect((await cli(['markets', '--config', work.configFile])).stdout).toMatch(/1\.00 – 1\.05 .*█/)
})

/** The same as typed options; what the command says against them. */
const refused = (args: readonly string[]): string => {
  const options: Record<string, string | string[]> = { config: work.configFile }
  const lists = ['shock', 'frozen', 'rate', 'depth']
  let name = ''
  for (const text of args) {
    if (text.startsWith('--')) {
      name = text.slice(2)
      options[name] = lists.includes(name) ? [] : (options[name] ?? 'true')
    } else if (lists.includes(name)) options[name] = [...(options[name] as string[]), text]
    else options[name] = text
  }
  try {
    runStress([], options as Options)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(BaseError)
    const { message, remedy } = error as BaseError
    return `${message}\n${remedy}`
  }
}

describe('bad input', () => {
  test.each([
    [[], 'nothing is to happen'],
    [['--shock', 'WETH'], '--shock: "WETH" is no shock'],
    [['--shock', 'WETH=-130%', 'WBTC=x'], /--shock: "-130%" is below -100%.*\n.*--shock: "x" is no change/],
    [['--shock', 'DOGE=-30%'], 'nothing in the store is called DOGE'],
    [['--shock', `0x${'ab'.repeat(20)}=-30%`], 'nothing in the store is called 0xabab'],
    [['--shock', 'WETH=-1%', 'WETH=-2%'], '--shock names WETH more than once'],
    [['--frozen', 'EURC', '--time', '1d'], 'nothing in the store is called EURC'],
    [['--rate', 'USDC=+5%'], '--rate is given without --time, and a rate does nothing in no time'],
    [['--rate', 'USDC=+5%', '--time', '0s'], '--rate is given without --time'],
    [['--rate', 'EURC=+5%', '--time', '1d'], 'nothing in the store is called EURC'],
    [['--rate', 'all=-101%', '--time', '1d'], '--rate: "-101%" is below -100%'],
    [
      ['--rate', 'all=+5', 'USDC', '--time', '1d'],
      /--rate: "\+5" is no change of a rate.*\n.*"USDC" is no rate/,
    ],
    [['--rate', 'all=+1%', 'all=+2%', '--time', '1d'], '--rate names all more than once'],
    [['--time', 'soon'], '--time is "soon"'],
    [['--scenario', '2022-06-13', '--shock', 'WETH=-1%'], 'a scenario is named, and something else besides'],
    [['--scenario', '2019-01-01'], '2019-01-01 cannot be read'],
    [['--shock', 'WETH=-1%', '--cascade'], '--cascade needs the depth'],
    [['--shock', 'WETH=-1%', '--depth', 'WETH=5m'], '--depth is given without --cascade'],
    [['--shock', 'WETH=-1%', '--cascade', '--depth', 'WETH=-5m'], '--depth: "WETH=-5m" is no depth'],
    [['--shock', 'WETH=-1%', '--cascade', '--depth', 'DOGE=5m'], 'nothing in the store is called DOGE'],
    [['--curve', '--top', 'all'], '--top is "all"'],
  ] as const)('%j says what is wrong', (args, said) => expect(refused(args)).toMatch(said))

  test('exits 2, and leaves stdout alone', async () => {
    const { exitCode, stdout, stderr } = await stress('--shock', 'DOGE=-30%', '--json')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Name one of: DAI, ETH, USDC, WBTC, WETH')
  })

  test('a bad file: every fault with its line', async () => {
    const { exitCode, stderr } = await stress(
      '--scenario',
      written('s.yaml', 'shocks:\n  WETH: -300%\n  WBTC: 5\nextra: 1\n'),
    )
    expect(exitCode).toBe(2)
    for (const text of ['s.yaml:2:3 shocks.WETH', 's.yaml:3:3 shocks.WBTC', 's.yaml:4:1 extra'])
      expect(stderr).toContain(text)
    const path = await stress('--path', written('p.csv', 'time,WETH\n2022-01-01,1\n2022-01-02,none\n'))
    expect([path.exitCode, path.stderr]).toEqual([
      2,
      expect.stringContaining('p.csv:3:1: "none" is no price of WETH'),
    ])
  })
})
