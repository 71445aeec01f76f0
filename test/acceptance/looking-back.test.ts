// What is known of the past: liquidations against what was foretold, series at any resolution, views for plain SQL, exports.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQLite } from '../../src/store/sqlite.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let work: Workspace

const json = async (...args: readonly string[]) => {
  const { stdout, stderr, exitCode } = await cli([...args, '--json', '--config', work.configFile])
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

const liquidate = (amount: bigint) =>
  devnet.act({
    kind: 'liquidate',
    liquidator: devnet.account(9),
    borrower: devnet.account(1),
    debt: 'USDC',
    collateral: 'WETH',
    amount,
  })

beforeAll(async () => {
  devnet = await startDevnet()
  await devnet.openAccounts(
    [900n, 1_500n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
  work = createWorkspace(devnet, { rpc: [devnet.url] })
  await json('sync')
  await devnet.setPrice('WETH', 1_760n * 10n ** 8n)
  await json('sync')
  await liquidate(300_000_000n)
  await json('sync')
  await devnet.setPrice('WETH', 1_750n * 10n ** 8n)
  await liquidate(200_000_000n)
  await json('sync')
})
afterAll(() => devnet.stop())

test('what a liquidation seized is what the block before foretold, to the unit', async () => {
  const { liquidations } = await json('liquidations')
  const [late, early] = liquidations
  expect(liquidations).toHaveLength(2)
  expect(early.foretold).toMatchObject({
    before: { isLiquidatable: true, repaid: '300000000' },
    within: { repaid: '300000000', seized: early.seized },
    difference: '0',
  })
  expect(Number(early.blockNumber)).toBe(Number(early.foretold.before.block.number) + 1)
  expect(BigInt(early.foretold.before.repayMax)).toBeGreaterThan(300_000_000n)
  // At the last observed block before, the price was another: what was foretold then is less, at the block's own price it is exact.
  expect(BigInt(late.foretold.before.seized)).toBeLessThan(BigInt(late.seized))
  expect(late.foretold).toMatchObject({ within: { seized: late.seized }, difference: '0' })
  const { stdout } = await cli(['liquidations', '--config', work.configFile])
  expect(stdout.match(/to the unit/g)).toHaveLength(2)
  expect(stdout).toContain('2 blocks before')
})

type Told = {
  readonly blockNumber: string
  readonly seized: string
  readonly foretold: {
    readonly before: { readonly block: { readonly number: string }; readonly seized: string }
  }
}

test('exports have it too', async () => {
  const { rows } = await json('export', 'liquidations-foretold')
  const { liquidations } = (await json('liquidations')) as { liquidations: Told[] }
  expect(rows).toMatchObject(
    liquidations.toReversed().map(({ blockNumber, seized, foretold: { before } }) => ({
      block_number: Number(blockNumber),
      before_block_number: Number(before.block.number),
      before_seized: before.seized,
      within_seized: seized,
      difference: '0',
    })),
  )
})

test('a series at a resolution is what the past gives block by block', async () => {
  const account = devnet.account(1)
  const { positions } = await json('history', account, '--resolution', '1s')
  const [{ id, points }] = positions
  const { rows: blocks } = await json('export', 'blocks')
  expect(points.map(({ block }: { block: { number: string } }) => Number(block.number))).toEqual(
    blocks.map(({ number }: { number: number }) => number),
  )
  for (const { block, healthFactor, debtValue, cause } of points) {
    const at = await json('history', account, '--at', block.number)
    expect([at.positions[0].id, at.positions[0].healthFactor, at.positions[0].debtValue, cause]).toEqual([
      id,
      healthFactor,
      debtValue,
      'recomputed',
    ])
  }
  const whole = await json('history', account, '--resolution', '52w')
  expect(whole.positions[0].points.length).toBeLessThan(points.length)
  const file = join(work.folder, 'points.parquet')
  await cli([
    'history',
    id,
    '--resolution',
    '1s',
    '--format',
    'parquet',
    '--out',
    file,
    '--config',
    work.configFile,
  ])
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const rows = await (await connection.run(`SELECT health_factor FROM '${file}'`)).getRowObjects()
  expect(rows).toEqual(
    points.map((point: { healthFactor: string }) => ({ health_factor: point.healthFactor })),
  )
  connection.closeSync()
})

test('views say in plain SQL what exports say exactly', async () => {
  const database = new SQLite(work.storeFile, { readonly: true })
  const all = (sql: string) => database.prepare(sql).all() as Record<string, unknown>[]
  const { rows: liquidations } = await json('export', 'liquidations')
  expect(all('SELECT * FROM liquidations_rounded ORDER BY block_number')).toMatchObject(
    liquidations.map((row: Record<string, string>) => ({
      position: row['position'],
      debt_symbol: 'USDC',
      repaid_rounded: Number(row['repaid']) / 1e6,
      collateral_symbol: 'WETH',
      seized_rounded: expect.closeTo(Number(row['seized']) / 1e18, 12),
      time: new Date(Number(row['seen_at']) * 1_000).toISOString().slice(0, 19).replace('T', ' '),
    })),
  )
  const { rows: snapshots } = await json('export', 'snapshots')
  expect(snapshots.length).toBeGreaterThan(2)
  expect(all('SELECT * FROM snapshots_rounded ORDER BY position, block_number')).toMatchObject(
    snapshots
      .toSorted((a: { position: string }, b: { position: string }) => (a.position < b.position ? -1 : 1))
      .map((row: Record<string, string>) => ({
        position: row['position'],
        cause: row['cause'],
        quote: 'USD',
        debt_rounded: expect.closeTo(Number(row['debt_value']) / 1e8, 6),
        collateral_rounded: expect.closeTo(Number(row['collateral_value']) / 1e8, 6),
      })),
  )
  const { positions } = await json('positions')
  expect(all('SELECT position FROM loans_rounded ORDER BY position')).toEqual(
    positions
      .map(({ id }: { id: string }) => ({ position: id }))
      .toSorted((a: { position: string }, b: { position: string }) => (a.position < b.position ? -1 : 1)),
  )
  const { rows: alerts } = await json('export', 'alerts')
  expect(all('SELECT * FROM alert_episodes')).toHaveLength(alerts.length)
  expect(all('SELECT * FROM parameter_changes_plain')).toEqual([])
  database.close()
})

test('the REAL of an exact integer is good to 15 digits, from 0 to 2^256 − 1', () => {
  const database = new SQLite(work.storeFile)
  database.exec('BEGIN; DELETE FROM liquidations')
  const values = [
    0n,
    1n,
    255n,
    256n,
    10n ** 18n,
    2n ** 64n - 1n,
    2n ** 64n,
    123_456_789n * 10n ** 20n,
    2n ** 256n - 1n,
  ]
  const bytes = (value: bigint): Buffer => {
    const hex =
      value === 0n ? '' : value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0')
    return Buffer.from((hex.length / 2).toString(16).padStart(2, '0') + hex, 'hex')
  }
  const insert = database.prepare(
    `INSERT INTO liquidations (chain_id, block_number, log_index, block_hash, transaction_hash, position, owner, liquidator, debt_asset, repaid, collateral_asset, seized)
     VALUES (?, 1, ?, '', '', '', '', '', (SELECT asset FROM asset_names WHERE symbol = 'USDC'), ?, '', x'00')`,
  )
  for (const [index, value] of values.entries()) insert.run(devnet.chainId, index, bytes(value))
  const told = database
    .prepare('SELECT repaid_rounded FROM liquidations_rounded ORDER BY log_index')
    .pluck()
    .all() as number[]
  for (const [index, value] of values.entries()) {
    const exact = Number(value) / 1e6
    expect(Math.abs((told[index] ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 1e-15)
  }
  database.exec('ROLLBACK')
  database.close()
})
