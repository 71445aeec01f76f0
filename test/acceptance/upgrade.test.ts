// A database of an older version: its history and alerts stay, its state is read anew by the next sync.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQLite } from '../../src/store/sqlite.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
  await devnet.openAccounts(
    [900n, 1_500n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * 1_000_000n },
    })),
  )
})
afterAll(() => devnet.stop())

const within = (file: string, sql: string): void => {
  const database = new SQLite(file)
  database.exec(sql)
  database.close()
}

/** Takes a database back to what 0.5.0 wrote, as far as the migrations can tell. */
const toVersion5 = (file: string): void =>
  within(
    file,
    `
    DROP VIEW snapshots_rounded; DROP VIEW loans_rounded; DROP VIEW liquidations_rounded;
    DROP VIEW alert_episodes; DROP VIEW parameter_changes_plain;
    DROP TABLE market_names; DROP TABLE asset_names;
    ALTER TABLE liquidations DROP COLUMN seen_at;
    CREATE VIEW snapshots_rounded AS SELECT 1;
    DROP TABLE acknowledgements; DROP TABLE decisions; DROP TABLE jobs; DROP TABLE notices; DROP TABLE silences;
    DROP TABLE watches;
    DELETE FROM __drizzle_migrations WHERE created_at IN
      (SELECT created_at FROM __drizzle_migrations ORDER BY created_at DESC LIMIT 2);
  `,
  )

/** The same, of 0.1.0. */
const toVersion1 = (file: string): void => {
  toVersion5(file)
  within(
    file,
    `
    CREATE TABLE subjects (id INTEGER PRIMARY KEY, position TEXT, chain_id INTEGER, owner TEXT);
    INSERT INTO subjects SELECT e.id, chain_id || ':' || protocol || ':' || deployment || ':' || key, chain_id, owner
      FROM entries e JOIN deployments d ON d.id = deployment_id WHERE kind = 1;
    ALTER TABLE snapshots RENAME COLUMN entry_id TO subject_id;
    DROP TABLE entries; DROP TABLE versions; DROP TABLE words; DROP TABLE writes;
    DROP TABLE oracle_wiring; DROP TABLE parameter_changes;
    CREATE TABLE markets (state TEXT); CREATE TABLE positions (state TEXT); CREATE TABLE prices (reading TEXT);
    ALTER TABLE chains DROP COLUMN thinned_at;
    ALTER TABLE chains DROP COLUMN base_fee_wei;
    ALTER TABLE deployments DROP COLUMN searches_for;
    DELETE FROM __drizzle_migrations WHERE created_at > (SELECT min(created_at) FROM __drizzle_migrations);
  `,
  )
}

/** A synced workspace, and what a command tells of its loans. */
const synced = async () => {
  const { configFile, storeFile } = createWorkspace(devnet, { rpc: [devnet.url] })
  const positions = async () => {
    const { stdout, stderr, exitCode } = await cli(['positions', '--json', '--config', configFile])
    return { exitCode, stderr, list: exitCode === 0 ? JSON.parse(stdout).positions : [] }
  }
  await cli(['sync', '--config', configFile])
  expect((await positions()).list).toHaveLength(2)
  return { configFile, storeFile, positions }
}

test('of 0.5.0: nothing is lost, and nothing read anew', async () => {
  const { configFile, storeFile, positions } = await synced()
  const before = await positions()
  toVersion5(storeFile)
  expect(await positions()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('written by an older version'),
  })
  expect((await cli(['sync', '--config', configFile])).exitCode).toBe(0)
  expect(await positions()).toEqual(before)
})

test('of 0.1.0: borrowers, history and alerts stay; state is read anew', async () => {
  const { configFile, storeFile, positions } = await synced()
  toVersion1(storeFile)
  const old = await positions()
  expect([old.exitCode, old.stderr]).toEqual([2, expect.stringContaining('written by an older version')])
  await devnet.act({ kind: 'repay', account: devnet.account(0), asset: 'USDC', amount: 100_000_000n })
  expect((await cli(['sync', '--config', configFile])).exitCode).toBe(0)
  const { list } = await positions()
  expect(list.map(({ debt }: { debt: { amount: string }[] }) => Number(debt[0]?.amount) / 1e6)).toEqual([
    expect.closeTo(1_500, 0),
    expect.closeTo(800, 0),
  ])
  const { stdout } = await cli(['history', devnet.account(0), '--json', '--config', configFile])
  const causes = JSON.parse(stdout).positions[0].points.map(({ cause }: { cause: string }) => cause)
  expect(causes).toEqual(['opened', 'opened'])
})
