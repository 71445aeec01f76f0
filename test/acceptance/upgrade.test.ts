// A database of an older version: its history and alerts stay, its state is read anew by the next sync.
import SQLite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

/** Takes a database back to what 0.1.0 wrote, as far as the migrations can tell. */
const downgrade = (file: string): void => {
  const database = new SQLite(file)
  database.exec(`
    DROP VIEW snapshots_rounded; DROP VIEW loans_rounded; DROP VIEW liquidations_rounded;
    DROP VIEW alert_episodes; DROP VIEW parameter_changes_plain;
    DROP TABLE market_names; DROP TABLE asset_names;
    DROP TABLE acknowledgements; DROP TABLE decisions; DROP TABLE jobs; DROP TABLE notices;
    DROP TABLE silences; DROP TABLE watches;
    ALTER TABLE liquidations DROP COLUMN seen_at;
    CREATE TABLE subjects (id INTEGER PRIMARY KEY, position TEXT, chain_id INTEGER, owner TEXT);
    INSERT INTO subjects SELECT e.id, chain_id || ':' || protocol || ':' || deployment || ':' || key, chain_id, owner
      FROM entries e JOIN deployments d ON d.id = deployment_id WHERE kind = 1;
    ALTER TABLE snapshots RENAME COLUMN entry_id TO subject_id;
    DROP TABLE entries; DROP TABLE versions; DROP TABLE words; DROP TABLE writes;
    DROP TABLE oracle_wiring; DROP TABLE parameter_changes;
    CREATE TABLE markets (state TEXT); CREATE TABLE positions (state TEXT); CREATE TABLE prices (reading TEXT);
    CREATE VIEW snapshots_rounded AS SELECT 1;
    ALTER TABLE chains DROP COLUMN thinned_at;
    ALTER TABLE chains DROP COLUMN base_fee_wei;
    ALTER TABLE deployments DROP COLUMN searches_for;
    DELETE FROM __drizzle_migrations WHERE created_at > (SELECT min(created_at) FROM __drizzle_migrations);
  `)
  database.close()
}

test('borrowers, history and alerts stay; state is read anew', async () => {
  const { configFile, storeFile } = createWorkspace(devnet, { rpc: [devnet.url] })
  const positions = async () => {
    const { stdout, stderr, exitCode } = await cli(['positions', '--json', '--config', configFile])
    return { exitCode, stderr, list: exitCode === 0 ? JSON.parse(stdout).positions : [] }
  }
  await cli(['sync', '--config', configFile])
  expect((await positions()).list).toHaveLength(2)
  downgrade(storeFile)
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
