// The past of an account that was not followed then, sampled through an archive endpoint: the contract's own numbers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lockDatabase } from '../../src/store/database.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { accountDataAt } from '../support/account-data.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const BLOCKS = 60
const BLOCK_SECONDS = 47
const EVERY_SECONDS = 120
const PRUNED_BELOW_HEAD = 20

type Point = {
  readonly block: { readonly number: string; readonly timestamp: number }
  readonly cause: string
  readonly healthFactor: string | null
  readonly debtValue: string | null
}

let devnet: Devnet
let proxy: ProviderProxy
let work: Workspace
let since: number
let openedAt: number
beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 2_000 })
  proxy = await startProxy(devnet.url)
  since = (await devnet.head()).timestamp
  for (let block = 0; block < 5; block++) await devnet.increaseTime(BLOCK_SECONDS)
  await devnet.openAccount({
    account: devnet.account(0),
    supplies: { WETH: ETHER },
    borrows: { USDC: 900_000_000n },
  })
  openedAt = (await devnet.head()).number
  for (let block = 0; block < BLOCKS; block++) {
    await devnet.increaseTime(BLOCK_SECONDS)
    if (block % 3 === 0) await devnet.movePrice('WETH', block % 2 === 0 ? 0.98 : 1.01)
  }
  work = createWorkspace(devnet, { rpc: [proxy.url] })
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})

const run = async (subject: string, args: readonly string[], { configFile }: Workspace = work) =>
  cli(['history', subject, ...args, '--config', configFile])

const backfill = async (args: readonly string[] = [], subject: string = devnet.account(0), where = work) =>
  run(
    subject,
    ['--backfill', '--every', `${EVERY_SECONDS}s`, '--since', String(since), '--json', ...args],
    where,
  )

const chainOf = (stdout: string) => JSON.parse(stdout).chains[0]

const pointsOf = async (subject: string = devnet.account(0)): Promise<readonly Point[]> => {
  const { stdout } = await run(subject, ['--json'])
  return JSON.parse(stdout).positions.flatMap(({ points }: { points: readonly Point[] }) => points)
}

describe('what cannot be', () => {
  test('is said before anything is asked of the chain', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--backfill', '--since', '7d'], /--every and --since/],
      [['--backfill', '--every', '1h'], /--every and --since/],
      [['--backfill', '--every', '0s', '--since', '7d'], /longer than nothing/],
      [['--backfill', '--every', 'often', '--since', '7d'], /--every is "often"/],
      [['--backfill', '--every', '1h', '--since', '400d'], /historyDays/],
      [['--backfill', '--every', '1h', '--since', '7d', '--out', 'x.csv'], /--out/],
    ]
    for (const [args, message] of wrong)
      expect(await run(devnet.account(0), args)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(message),
      })
    expect(await backfill()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no database') })
  })

  test('is said of what is not followed, of a span without a step, and beside a writer', async () => {
    expect((await cli(['sync', '--config', work.configFile])).exitCode).toBe(0)
    const other = `31337:aave-v3:other:pool:${devnet.account(0)}`
    expect(await backfill([], other)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/nothing that the configuration names[\s\S]*plimsoll sync/),
    })
    expect(await backfill(['--until', String(since - 1)])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no whole step'),
    })
    expect(await backfill(['--every', '1s', '--since', '60d'])).toMatchObject({ exitCode: 2 })
    const lock = lockDatabase(work.storeFile)
    expect(await backfill()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('another plimsoll process'),
    })
    lock.release()
  })
})

test('a pruned node: an archive endpoint is asked for, and what was reached stays', async () => {
  proxy.setFaults({ stateBlocksMax: PRUNED_BELOW_HEAD })
  const { exitCode, stdout, stderr } = await backfill()
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([3, { chains: [], failures: [{ chainId: 31_337 }] }])
  expect(stderr).toMatch(
    /has the state of block \d+ \(.*missing trie node.*samples from block \d+ .* on are stored/,
  )
  expect(stderr).toContain('archive endpoint')
  const head = (await devnet.head()).number
  const points = (await pointsOf()).filter(({ cause }) => cause === 'backfilled')
  expect(points.length).toBeGreaterThan(2)
  expect(points.every(({ block }) => Number(block.number) > head - PRUNED_BELOW_HEAD)).toBe(true)
  proxy.setFaults({})
})

test('with an archive endpoint it goes on: every step has the contract’s own numbers, and nothing is read twice', async () => {
  const before = (await pointsOf()).filter(({ cause }) => cause === 'backfilled').length
  proxy.reset()
  const first = await backfill()
  expect(first.exitCode).toBe(0)
  const sampled = chainOf(first.stdout)
  expect(sampled.failures).toEqual([])
  const points = (await pointsOf()).filter(({ cause }) => cause === 'backfilled')
  expect(points).toHaveLength(before + sampled.snapshotCount)

  const head = await devnet.head()
  const wanted = new Set<number>()
  for (
    let time = Math.ceil(since / EVERY_SECONDS) * EVERY_SECONDS;
    time <= head.timestamp;
    time += EVERY_SECONDS
  ) {
    let at = head.number
    while ((await timeOf(at)) > time) at -= 1
    if (at >= openedAt) wanted.add(at)
  }
  expect(points.map(({ block }) => Number(block.number))).toEqual([...wanted].sort((a, b) => a - b))
  for (const { block, healthFactor, debtValue } of points) {
    const { hash } = await devnet.client.getBlock({ blockNumber: BigInt(block.number) })
    const truth = (await accountDataAt(devnet, hash, [devnet.account(0)])).get(devnet.account(0))
    expect([block.number, healthFactor, debtValue]).toEqual([
      block.number,
      String(truth?.healthFactor),
      String(truth?.debt),
    ])
  }

  proxy.reset()
  const again = await backfill()
  expect([again.exitCode, chainOf(again.stdout)]).toMatchObject([0, { snapshotCount: 0 }])
  expect(proxy.counts()['eth_getBlockByNumber'] ?? 0).toBeLessThan(4 * wanted.size + 20)
  const position = `31337:aave-v3:main:pool:${devnet.account(0)}`
  const one = await run(position, ['--backfill', '--every', '60s', '--since', String(head.timestamp - 600)])
  expect([one.exitCode, one.stdout]).toEqual([0, expect.stringMatching(/chain 31337: \d+ blocks read/)])
  console.log(
    `backfill: ${points.length} samples equal to the contract's view; ${JSON.stringify(proxy.counts())} requests to find nothing to do`,
  )
})

const timeOf = async (number: number): Promise<number> =>
  Number((await devnet.client.getBlock({ blockNumber: BigInt(number) })).timestamp)
