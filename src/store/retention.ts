// How the past grows thin: what is older than `historyDays` goes, snapshots become one an hour, then one a day.
import { and, asc, eq, gt, lte, max } from 'drizzle-orm'
import { type Database, inTransaction } from './database.ts'
import { blocks, chains, deployments, entries } from './schema.ts'
import { preparedFor } from './statements.ts'

const HOUR = 3_600
const DAY = 86_400

/** Snapshots stay as they were taken for so long, then one an hour, then one a day. */
const WHOLE_DAYS = 2
const HOURLY_DAYS = 30

/** Entries that one step looks at, so that a cycle never waits long. */
const ENTRIES_PER_STEP = 2_000

const WITHIN = `entry_id IN (SELECT id FROM entries WHERE id > @first AND id <= @last AND deployment_id IN
  (SELECT id FROM deployments WHERE chain_id = @chainId))`

const statementsOf = preparedFor({
  /** The newest version at the cutoff stays: it holds from there on. */
  versions: `DELETE FROM versions WHERE ${WITHIN} AND valid_from < (SELECT max(v.valid_from) FROM versions v
    WHERE v.entry_id = versions.entry_id AND v.valid_from <= @cutoffBlock)`,
  tombstones: `DELETE FROM versions WHERE ${WITHIN} AND state IS NULL AND valid_from <= @cutoffBlock`,
  snapshots: `DELETE FROM snapshots WHERE ${WITHIN} AND block_number < @cutoffBlock`,
  /** The last of each interval stays, and what began or ended a loan. */
  thin: `DELETE FROM snapshots WHERE ${WITHIN} AND block_number > @fromBlock AND block_number <= @toBlock
    AND cause NOT IN (0, 5) AND timestamp / CAST(@seconds AS INTEGER) = (SELECT n.timestamp / CAST(@seconds AS INTEGER) FROM snapshots n
      WHERE n.entry_id = snapshots.entry_id AND n.block_number > snapshots.block_number ORDER BY n.block_number LIMIT 1)`,
  forgotten: `DELETE FROM entries WHERE id > @first AND id <= @last AND kind = 1
    AND deployment_id IN (SELECT id FROM deployments WHERE chain_id = @chainId)
    AND NOT EXISTS (SELECT 1 FROM versions WHERE entry_id = entries.id)
    AND NOT EXISTS (SELECT 1 FROM snapshots WHERE entry_id = entries.id)`,
})

/** The newest observed block at or before a time; 0 where there is none. */
const blockBefore = (database: Database, chainId: number, timestamp: number): number => {
  const [row] = database
    .select({ number: max(blocks.number) })
    .from(blocks)
    .where(and(eq(blocks.chainId, chainId), lte(blocks.timestamp, timestamp)))
    .all()
  return row?.number ?? 0
}

type Range = { readonly first: number; readonly last: number }

/** Ranges of entry numbers of a chain, `ENTRIES_PER_STEP` each. */
function* rangesOf(database: Database, chainId: number): Generator<Range> {
  let first = 0
  for (;;) {
    const ids = database
      .select({ id: entries.id })
      .from(entries)
      .innerJoin(deployments, eq(deployments.id, entries.deploymentId))
      .where(and(gt(entries.id, first), eq(deployments.chainId, chainId)))
      .orderBy(asc(entries.id))
      .limit(ENTRIES_PER_STEP)
      .all()
    const last = ids.at(-1)?.id
    if (last === undefined) return
    yield { first, last }
    first = last
  }
}

/**
 * Thins the history of a chain, one step at a time, each a transaction of its own: call it to the end between other work.
 * Times are the chain's. `keptBlocks` are never touched, as a reorg may want them.
 */
function* thinChain(
  database: Database,
  { chainId, timestamp, thinnedAt, blockNumber }: typeof chains.$inferSelect,
  historyDays: number,
  keptBlocks: number,
): Generator<void> {
  const prepared = statementsOf(database)
  const at = (seconds: number): number =>
    Math.min(blockBefore(database, chainId, seconds), blockNumber - keptBlocks)
  const cutoffBlock = at(timestamp - historyDays * DAY)
  const windows = [
    { days: WHOLE_DAYS, seconds: HOUR },
    { days: HOURLY_DAYS, seconds: DAY },
  ].map(({ days, seconds }) => ({
    seconds,
    fromBlock: at(thinnedAt - days * DAY - seconds),
    toBlock: at(timestamp - days * DAY),
  }))
  for (const { first, last } of rangesOf(database, chainId)) {
    inTransaction(database, () => {
      const range = { first, last, chainId, cutoffBlock }
      for (const name of ['versions', 'tombstones', 'snapshots'] as const) prepared[name].run(range)
      for (const window of windows) prepared.thin.run({ first, last, chainId, ...window })
      prepared.forgotten.run({ first, last, chainId })
    })
    yield
  }
  inTransaction(database, () => {
    database
      .delete(blocks)
      .where(and(eq(blocks.chainId, chainId), lte(blocks.number, cutoffBlock - 1)))
      .run()
    database.update(chains).set({ thinnedAt: timestamp }).where(eq(chains.chainId, chainId)).run()
  })
}

/** Thins the history of every chain in the database; see `thinChain`. */
export function* thinHistory(database: Database, historyDays: number, keptBlocks: number): Generator<void> {
  for (const chain of database.select().from(chains).all())
    yield* thinChain(database, chain, historyDays, keptBlocks)
}

/** How large a database is, and how far back its history of each chain reaches. */
export type HistorySize = {
  readonly bytes: number
  readonly chains: readonly {
    readonly chainId: number
    readonly blockCount: number
    readonly oldestTimestamp: number
  }[]
}

export const historySize = (database: Database): HistorySize => {
  const { bytes } = database.$client
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number }
  const rows = database.$client
    .prepare(
      'SELECT chain_id AS chainId, count(*) AS blockCount, min(timestamp) AS oldestTimestamp FROM blocks GROUP BY chain_id',
    )
    .all()
  return { bytes, chains: rows as HistorySize['chains'] }
}
