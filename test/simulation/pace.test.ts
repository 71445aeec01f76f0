// A provider's limits and failures while a book is found and read: the end is as if there were none, and each is told.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { Faults } from '../devnet/faults.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { sized } from '../support/size.ts'
import { until } from '../support/until.ts'
import { createWorkspace } from '../support/workspace.ts'

const BORROWERS = 120
const ETHER = 10n ** 18n

let devnet: Devnet
let proxy: ProviderProxy
let expected: unknown
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
  for (let first = 0; first < BORROWERS; first += 6)
    await devnet.openAccounts(
      Array.from({ length: 6 }, (_, index) => ({
        account: devnet.account(first + index),
        supplies: { WETH: ETHER },
        borrows: { USDC: BigInt(500 + first + index) * 1_000_000n },
      })),
    )
  expected = (await synced({})).positions
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})
beforeEach(() => proxy.setFaults({}))

type Line = Readonly<Record<string, unknown>>

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

/** Syncs a new database through the proxy, as a user would. */
const synced = async (chain: Readonly<Record<string, unknown>>) => {
  const { configFile } = createWorkspace(devnet, { rpc: [proxy.url], chain })
  proxy.reset()
  const { exitCode, stderr } = await cli(['sync', '--config', configFile, '--level', 'debug'])
  const { stdout } = await cli(['positions', '--config', configFile, '--json', '--limit', '1000'])
  return { exitCode, lines: linesOf(stderr), positions: JSON.parse(stdout).positions, counts: proxy.counts() }
}

const isLimit =
  (limit: string) =>
  (line: Line): boolean =>
    line['event'] === 'limit' && line['limit'] === limit
const isOverload =
  (reason: string) =>
  (line: Line): boolean =>
    line['event'] === 'overload' && line['reason'] === reason

const cases: readonly (readonly [
  string,
  Faults,
  Readonly<Record<string, unknown>>,
  (line: Line) => boolean,
])[] = [
  ['log ranges refused down to one block', { logRangeMax: 1 }, { logRangeMax: 64 }, isLimit('logRange')],
  ['answers over a size limit', { answerBytesMax: 40_000 }, {}, isLimit('answerBytes')],
  ['less gas than configured, in silence', { callGasMax: 2_500_000 }, {}, isLimit('callGas')],
  [
    'every 6th request put off',
    { failure: { as: 429, every: 6, times: 5 } },
    { logRangeMax: 8 },
    isOverload('rate-limited'),
  ],
  ['few logs in an answer', { logsMax: 7 }, { logRangeMax: 64 }, isLimit('logRange')],
  [
    'no answer to every other search',
    { failure: { as: 'hang', every: 2, times: 2, methods: ['eth_getLogs'] } },
    { logRangeMax: 8, requestTimeoutMs: 500 },
    isOverload('timeout'),
  ],
]

describe('sync', () => {
  test.each(cases.slice(0, sized(3, cases.length)))('%s', async (_what, faults, chain, isTold) => {
    proxy.setFaults(faults)
    const { exitCode, lines, positions } = await synced(chain)
    expect(exitCode).toBe(0)
    expect(positions).toEqual(expected)
    expect(positions).toHaveLength(BORROWERS)
    expect(lines.filter(isTold).length).toBeGreaterThan(0)
  })

  test('connections that drop are outlived', async () => {
    proxy.setFaults({ failure: { as: 'drop', every: 3, methods: ['eth_getLogs'] } })
    const { exitCode, positions } = await synced({ logRangeMax: 8 })
    expect([exitCode, positions]).toEqual([0, expected])
  })

  test('says how far it is: blocks, what was found, what was read, requests, time left', async () => {
    const { lines } = await synced({ logRangeMax: 4, backlogKeysMax: 20 })
    const searches = lines.filter((line) => line['event'] === 'search')
    const readings = lines.filter((line) => line['event'] === 'reading')
    const found = Number(searches.at(-1)?.['pendingCount'])
    expect(found).toBeGreaterThanOrEqual(BORROWERS)
    expect(searches.at(-1)).toMatchObject({ leftCount: 0, subject: 'borrowers of aave-v3:main' })
    expect(searches.at(-2)).toMatchObject({
      secondsLeft: expect.any(Number),
      requestCount: expect.any(Number),
    })
    expect(readings.map((line) => [line['doneCount'], line['leftCount']])).toEqual(
      Array.from({ length: Math.ceil(found / 20) }, (_, piece) => {
        const done = Math.min(20 * (piece + 1), found)
        return [done, found - done]
      }),
    )
  })
})

test('new heads are followed while a book is still found and read, by a slow provider', async () => {
  proxy.setFaults({ delayMs: 30 })
  const { configFile } = createWorkspace(devnet, {
    rpc: [proxy.url],
    chain: { logRangeMax: 1, requestsInFlightMax: 1, backlogKeysMax: 3 },
  })
  const daemon = startDaemon(configFile)
  const cycles = () => daemon.lines().filter((line) => line['event'] === 'cycle')
  const isBusy = (line: Line): boolean => Number(line['pendingCount']) > 0
  try {
    await until('the first cycle is committed', () => cycles().length > 0)
    for (let block = 0; block < 6; block++) {
      const { number } = await devnet.mine()
      await until(`block ${number} is followed`, () =>
        cycles().some((line) => line['block'] === String(number)),
      )
    }
    const searched = daemon.lines().filter((line) => line['event'] === 'search')
    expect(cycles().some(isBusy) || searched.some((line) => Number(line['leftCount']) > 0)).toBe(true)
    await until('everything is read', () =>
      cycles().some((line) => line['pendingCount'] === 0 && line['positionCount'] === BORROWERS),
    )
  } finally {
    expect(await daemon.stop()).toBe(0)
  }
})
