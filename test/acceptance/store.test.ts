// What the three users read, after a sync and a watch, through the command line.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQLite } from '../../src/store/sqlite.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver } from '../support/webhook.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let hook: Receiver
let work: Workspace
beforeAll(async () => {
  devnet = await startDevnet()
  hook = await startReceiver()
  await devnet.openAccounts(
    [900n, 1_500n, 2_200n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  work = createWorkspace(devnet, {
    rpc: [devnet.url],
    watch: [{ account: devnet.account(1), label: 'treasury' }],
    webhook: { url: hook.url },
  })
})
afterAll(async () => {
  await hook.stop()
  await devnet.stop()
})

const json = async (...args: readonly string[]) => {
  const { stdout, exitCode } = await cli([...args, '--json', '--config', work.configFile])
  return { exitCode, value: JSON.parse(stdout) }
}

test('sync finds every borrower and proves it', async () => {
  const { exitCode, value } = await json('sync')
  expect(exitCode).toBe(0)
  expect(value.chains).toMatchObject([{ positionCount: 3, coverage: [{ symbol: 'USDC', ppm: 1_000_000 }] }])
  const [{ trackedDebt, totalDebt }] = value.chains[0].coverage
  expect(trackedDebt).toBe(totalDebt)
})

test('sync stops at a block when told', async () => {
  const other = createWorkspace(devnet, { rpc: [devnet.url] })
  const at = (await devnet.head()).number
  await devnet.mine({ blocks: 2 })
  const { stdout } = await cli(['sync', '--to', String(at), '--json', '--config', other.configFile])
  expect(JSON.parse(stdout).chains).toMatchObject([{ block: { number: String(at) }, positionCount: 3 }])
})

test('a crash: alerts once, a liquidation noticed, the alert resolved', async () => {
  const daemon = startDaemon(work.configFile)
  await until('it follows', () => daemon.lines().some((line) => line['event'] === 'following'))
  expect(await cli(['sync', '--config', work.configFile])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('another plimsoll process'),
  })
  await devnet.setPrice('WETH', 1_700n * 10n ** 8n)
  await until('the worst alert has come', () => hook.received.length >= 1)
  await devnet.act({
    kind: 'liquidate',
    liquidator: devnet.account(9),
    borrower: devnet.account(1),
    debt: 'USDC',
    collateral: 'WETH',
    amount: 1_200_000_000n,
  })
  await devnet.setPrice('WETH', 2_000n * 10n ** 8n)
  const said = () => hook.received.map(({ body }) => `${body.rule} ${body.status}`)
  await until('it is over', () => said().includes('Liquidatable resolved'))
  expect(await daemon.stop()).toBe(0)
  // The worst stands for the milder ones of the same loan.
  expect(said()[0]).toBe('Liquidatable firing')
  expect(said().filter((text) => text.startsWith('Liquidated '))).toEqual(['Liquidated firing'])
  expect(new Set(hook.received.map(({ body }) => body.id)).size).toBe(hook.received.length)
})

test('positions, candidates, markets, alerts and liquidations say the same thing, in their formats', async () => {
  const positions = await json('positions')
  expect(positions.value.positions.map(({ owner }: { owner: string }) => owner)[0]).toBe(devnet.account(2))
  expect(positions.value.positions[0]).toMatchObject({
    kind: 'assessed',
    id: `31337:aave-v3:main:pool:${devnet.account(2)}`,
    quote: { symbol: 'USD', decimals: 8 },
    revision: '3.0',
    fidelity: 'exact',
    isLiquidatable: true,
    isExecutable: true,
    phase: 'bad-debt',
    blockedBy: [],
    debt: [{ symbol: 'USDC', decimals: 6 }],
    usd: { source: 'quote' },
  })
  const candidates = await json('candidates', '--max-health', '1')
  expect([candidates.exitCode, candidates.value.candidates.length]).toEqual([1, 1])
  expect((await json('markets')).value.markets).toMatchObject([
    { market: 'pool', revision: '3.0', revisionRaw: '1' },
  ])
  const alerts: readonly { rule: string; state: string }[] = (await json('alerts')).value.alerts
  // An event lasts until the next block is looked at.
  expect(alerts.map(({ rule, state }) => (rule === 'Liquidated' ? rule : `${rule} ${state}`)).sort()).toEqual(
    ['CloseToLiquidation resolved', 'Liquidatable resolved', 'Liquidated', 'NearLiquidation resolved'],
  )
  expect((await json('liquidations')).value.liquidations).toMatchObject([
    { owner: devnet.account(1), repaid: '1200000000' },
  ])
  for (const command of ['positions', 'candidates', 'markets', 'alerts', 'liquidations'])
    expect((await cli([command, '--config', work.configFile])).stdout).toMatch(/0x|pool|NearLiquidation/)
})

test('history as a table, csv and json, whole and thinned; and as plain SQL', async () => {
  const account = devnet.account(1)
  const { value } = await json('history', account)
  const [{ id, points }] = value.positions
  expect(id).toBe(`31337:aave-v3:main:pool:${account}`)
  expect(points[0]).toMatchObject({ cause: 'opened', healthFactor: expect.stringMatching(/^\d{18,}$/) })
  expect((await json('history', id, '--every', '1w')).value.positions[0].points.length).toBeLessThanOrEqual(2)
  const file = join(work.folder, 'health.csv')
  await cli(['history', account, '--format', 'csv', '--out', file, '--config', work.configFile])
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(points.length + 1)
  expect((await cli(['history', account, '--config', work.configFile])).stdout).toContain('crossed')
  expect(
    (await cli(['history', account, '--until', '2020-01-01', '--config', work.configFile])).stdout,
  ).toContain('no history')
  const database = new SQLite(work.storeFile, { readonly: true })
  const rows = database
    .prepare('SELECT * FROM snapshots_rounded WHERE owner = ? ORDER BY block_number')
    .all(account)
  expect(rows).toHaveLength(points.length)
  expect(rows[0]).toMatchObject({
    cause: 'opened',
    health_rounded: expect.closeTo(1.66, 2),
    is_liquidatable: 0,
  })
  database.close()
})

test('check says what liquidates a loan, and it does', async () => {
  const { value } = await json('check', devnet.account(0))
  const [position] = value.chains[0].positions
  const [weth] = position.liquidationPrices
  expect(weth).toMatchObject({ symbol: 'WETH', price: '200000000000' })
  await devnet.setPrice('WETH', BigInt(weth.liquidationPrice) + 1n)
  expect((await json('check', devnet.account(0))).exitCode).toBe(0)
  await devnet.setPrice('WETH', BigInt(weth.liquidationPrice))
  expect((await json('check', devnet.account(0))).exitCode).toBe(1)
})

test('follow and watch may change between runs: the book becomes whole, and what is not watched goes', async () => {
  const at = (follow: 'watched' | 'book', index: number, storeFile?: string) =>
    createWorkspace(devnet, {
      rpc: [devnet.url],
      follow,
      watch: [{ account: devnet.account(index) }],
      ...(storeFile ? { storeFile } : {}),
    })
  const first = at('watched', 0)
  const synced = async ({ configFile }: Workspace) => {
    const { stdout } = await cli(['sync', '--json', '--config', configFile])
    const { positions } = JSON.parse((await cli(['positions', '--json', '--config', configFile])).stdout)
    return {
      coverage: JSON.parse(stdout).chains[0].coverage,
      owners: positions.map(({ owner }: { owner: string }) => owner).sort(),
    }
  }
  expect((await synced(first)).owners).toEqual([devnet.account(0)])
  const book = await synced(at('book', 0, first.storeFile))
  expect(book.owners).toEqual([0, 1, 2].map((index) => devnet.account(index)).sort())
  expect(book.coverage).toMatchObject([{ ppm: 1_000_000 }])
  await devnet.mine()
  expect((await synced(at('watched', 2, first.storeFile))).owners).toEqual([devnet.account(2)])
})
