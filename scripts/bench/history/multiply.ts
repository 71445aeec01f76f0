// History in bulk: what a filled book has of every entry, repeated over blocks, written in the order in which it is stored.
import type { Database } from '../../../src/store/database.ts'

/** Blocks `first` to `first + count − 1`, `seconds` apart from `timestamp` on. */
export type Blocks = {
  readonly chainId: number
  readonly first: number
  readonly count: number
  readonly seconds: number
  readonly timestamp: number
}

/** Every block of the span observed. */
const observe = (
  { $client: client }: Database,
  { chainId, first, count, seconds, timestamp }: Blocks,
): void => {
  const write = client.prepare(
    'INSERT OR REPLACE INTO blocks (chain_id, number, hash, timestamp) VALUES (?, ?, ?, ?)',
  )
  for (let index = 0; index < count; index++) {
    const number = first + index
    write.run(chainId, number, `0x${number.toString(16).padStart(64, '0')}`, timestamp + index * seconds)
  }
}

const NUMBERS = `CREATE TEMP TABLE numbers AS
  WITH RECURSIVE n(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n WHERE value < ?) SELECT value FROM n`

/** Without a journal: a bulk fill that fails is thrown away, and what is read afterwards is the same. */
const inBulk = ({ $client: client }: Database, run: () => void): void => {
  client.pragma('journal_mode = OFF')
  client.pragma('synchronous = OFF')
  client.transaction(run)()
  client.pragma('journal_mode = WAL')
}

/**
 * Versions of positions, `each` of them spread evenly over the blocks, and one of every price and reserve at each block.
 * Answers how many versions there are.
 */
export const multiplyVersions = (database: Database, blocks: Blocks, each: number): number => {
  const { $client: client } = database
  const { first, count } = blocks
  const stride = Math.floor(count / each)
  client.prepare(NUMBERS).run(Math.max(each, count) - 1)
  inBulk(database, () => {
    observe(database, blocks)
    const newest = `SELECT e.id, v.state FROM entries e JOIN versions v ON v.entry_id = e.id
      AND v.valid_from = (SELECT max(valid_from) FROM versions WHERE entry_id = e.id)`
    client
      .prepare(
        `INSERT OR REPLACE INTO versions SELECT s.id, ? + n.value * ? + s.id % ?, s.state
         FROM (${newest} WHERE e.kind = 1) s JOIN numbers n WHERE n.value < ? ORDER BY s.id, n.value`,
      )
      .run(first, stride, stride, each)
    client
      .prepare(
        `INSERT OR REPLACE INTO versions SELECT s.id, ? + n.value, s.state
         FROM (${newest} WHERE e.kind = 2 OR e.key LIKE '% reserves %') s JOIN numbers n WHERE n.value < ?
         ORDER BY s.id, n.value`,
      )
      .run(first, count)
  })
  client.exec('DROP TABLE numbers')
  return client.prepare('SELECT count(*) FROM versions').pluck().get() as number
}

/** Snapshots of positions, `each` of them, one a block. Answers how many rows there are. */
export const multiplySnapshots = (
  database: Database,
  { first, seconds, timestamp }: Blocks,
  each: number,
): number => {
  const { $client: client } = database
  client.prepare(NUMBERS).run(each - 1)
  inBulk(database, () => {
    client
      .prepare(
        `INSERT INTO snapshots SELECT s.entry_id, ? + n.value, ? + n.value * ?, 2, s.flags, s.health_ppm, s.health_factor,
           s.collateral_value, s.debt_value, s.reason
         FROM (SELECT * FROM snapshots WHERE cause = 0) s JOIN numbers n WHERE n.value < ? ORDER BY s.entry_id, n.value`,
      )
      .run(first, timestamp, seconds, each)
  })
  client.exec('DROP TABLE numbers')
  return client.prepare('SELECT count(*) FROM snapshots').pluck().get() as number
}
