// A database with many snapshots, as plain rows: for what reads the table, not for what assesses loans.
import { openDatabase } from '../../src/store/database.ts'
import { decodeU256, encodeU256 } from '../../src/store/u256.ts'

/** What the rows sum up to, exactly. */
export type Sums = {
  readonly rows: number
  readonly healthPpm: bigint
  readonly collateralValue: bigint
  readonly debtValue: bigint
  readonly unassessable: number
}

const OWNER = (account: number): string => `0x${account.toString(16).padStart(40, '0')}`

/** `positions` loans in two markets, `each` snapshots of each, twelve seconds apart; every 97th could not be assessed. */
export const fillSnapshots = (file: string, positions: number, each: number): void => {
  const database = openDatabase(file)
  const { $client: client } = database
  client.function('u256', { safeIntegers: true, deterministic: true }, (value, scale) =>
    encodeU256((value as bigint) * 10n ** (scale as bigint) + (value as bigint) * 7_919n),
  )
  client.pragma('synchronous = OFF')
  client.exec(`
    INSERT INTO deployments (id, chain_id, protocol, deployment, next_block, target_block)
      VALUES (1, 1, 'aave-v3', 'core', 0, 0), (2, 10, 'morpho-blue', 'main', 0, 0);
    INSERT INTO market_names VALUES (1, 'pool', 'Aave v3 core', '3.3', 'exact', 'USD', 8), (2, '0xab', 'WETH/USDC', 'blue', 'exact', 'USDC', 6);
  `)
  client.transaction(() => {
    const entry = client.prepare('INSERT INTO entries (deployment_id, kind, key, owner) VALUES (?, 1, ?, ?)')
    for (let at = 0; at < positions; at++)
      entry.run(1 + (at % 2), `${at % 2 === 0 ? 'pool' : '0xab'}:${OWNER(at)}`, OWNER(at))
    client
      .prepare(
        `WITH RECURSIVE n(v) AS (SELECT 0 UNION ALL SELECT v + 1 FROM n WHERE v < ? - 1)
         INSERT INTO snapshots SELECT e.id, 1000 + v, 1700000000 + v * 12, v % 7, (e.id + v) % 5 = 0,
           iif((e.id + v) % 97 = 0, NULL, (e.id * 31 + v * 17) % 5000000),
           iif((e.id + v) % 97 = 0, NULL, u256((e.id * 31 + v * 17) % 5000000, 12)),
           iif((e.id + v) % 97 = 0, NULL, u256(e.id * 1000 + v, 8 + e.id % 20)),
           iif((e.id + v) % 97 = 0, NULL, u256(e.id * 700 + v, 8)),
           iif((e.id + v) % 97 = 0, 'price-failed', NULL)
         FROM entries e JOIN n`,
      )
      .run(each)
  })()
  client.close()
}

/** The sums of the rows that a database has, by SQLite's own sum and, where that cannot hold them, row by row. */
export const sumsOf = (file: string): Sums => {
  const database = openDatabase(file)
  const { $client: client } = database
  const { rows, healthPpm, unassessable } = client
    .prepare(
      'SELECT count(*) AS rows, sum(health_ppm) AS healthPpm, sum(health_factor IS NULL) AS unassessable FROM snapshots',
    )
    .get() as { rows: number; healthPpm: number; unassessable: number }
  let [collateralValue, debtValue] = [0n, 0n]
  for (const [collateral, debt] of client
    .prepare('SELECT collateral_value, debt_value FROM snapshots WHERE debt_value IS NOT NULL')
    .raw()
    .iterate() as Iterable<readonly [Buffer, Buffer]>) {
    collateralValue += decodeU256(collateral)
    debtValue += decodeU256(debt)
  }
  client.close()
  return { rows, unassessable, healthPpm: BigInt(healthPpm), collateralValue, debtValue }
}
