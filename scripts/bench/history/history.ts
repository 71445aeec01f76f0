// What the past costs: bytes of a snapshot, a series of one position among many rows, health at an observed block among many versions.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { formatPositionId } from '../../../src/model/ids.ts'
import { assessAt } from '../../../src/monitor/past.ts'
import { MARKET } from '../../../src/protocols/aave-v3/state.ts'
import { type Database, openDatabase } from '../../../src/store/database.ts'
import { snapshotsOf } from '../../../src/store/snapshots.ts'
import { createRandom, type Random } from '../../../test/devnet/random.ts'
import { type Filled, runJob } from '../curve/job.ts'
import { spread, timed } from '../measure.ts'
import type { Report } from '../report.ts'
import { type Pool, readPool } from '../synthetic/pool.ts'
import { syntheticAccount } from '../synthetic/positions.ts'
import { type Blocks, multiplySnapshots, multiplyVersions } from './multiply.ts'

const SEED = 3
const SAMPLES = 200
const DAY_SECONDS = 86_400

export type HistorySize = {
  readonly positions: number
  /** Observed blocks, over which the versions of positions are spread. */
  readonly blocks: number
  readonly versionsEach: number
  /** Over sixty days. */
  readonly snapshotsEach: number
}

type Book = { readonly database: Database; readonly pool: Pool; readonly size: HistorySize }

const SERIES_DAYS = 30
const SNAPSHOT_DAYS = 60

const positionId = ({ deployment, block }: Pool, index: number) => ({
  chainId: block.chainId,
  protocol: deployment.protocol,
  deployment: deployment.deployment,
  market: MARKET,
  account: syntheticAccount(index),
})

/** After everything that the fill wrote. */
const blocksOf = ({ pool }: Book, count: number, seconds: number): Blocks => {
  const { chainId, number, timestamp } = pool.block
  const gap = 10_000
  return { chainId, first: Number(number) + gap, count, seconds, timestamp: timestamp + gap * 12 }
}

/** The table and its indexes, slack included. */
const bytesOf = ({ $client: client }: Database, table: string): number =>
  client
    .prepare(
      'SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_master WHERE tbl_name = ?)',
    )
    .pluck()
    .get(table) as number

/** Times of something asked at random, a few asked before. */
const sampled = async (
  ask: (random: Random) => unknown,
): Promise<{ readonly median: number; readonly p95: number; readonly processor: number }> => {
  const random = createRandom(SEED)
  for (let count = 0; count < SAMPLES / 10; count++) ask(random)
  const times: Awaited<ReturnType<typeof timed>>[] = []
  for (let count = 0; count < SAMPLES; count++) {
    times.push(await timed(() => ask(random)))
    await setImmediate()
  }
  return {
    ...spread(times.map(({ ms }) => ms)),
    processor: spread(times.map(({ processorMs }) => processorMs)).median,
  }
}

const benchVersions = async (book: Book): Promise<Report> => {
  const { database, pool, size } = book
  const blocks = blocksOf(book, size.blocks, 12)
  const versions = multiplyVersions(database, blocks, size.versionsEach)
  const { median, p95, processor } = await sampled((random) => {
    const number = BigInt(blocks.first + random.integer(blocks.count / 2, blocks.count - 1))
    const id = positionId(pool, random.integer(0, size.positions - 1))
    const past = assessAt(database, [pool.adapter], id, number)
    if (
      past.kind !== 'assessed' ||
      past.assessment.kind !== 'assessed' ||
      past.assessment.block.number !== number
    )
      throw new Error(`the past of ${id.account} was not assessed`)
  })
  return {
    name: 'history-versions',
    title: `health of one position at one of ${size.blocks.toLocaleString('en')} observed blocks, recomputed; ${SAMPLES} at random`,
    columns: ['versions', 'median ms', 'p95 ms', 'processor ms', 'bytes a version'],
    rows: [[versions.toLocaleString('en'), median, p95, processor, bytesOf(database, 'versions') / versions]],
  }
}

const benchSeries = async (book: Book): Promise<Report> => {
  const { database, pool, size } = book
  const blocks = blocksOf(book, size.snapshotsEach, (SNAPSHOT_DAYS * DAY_SECONDS) / size.snapshotsEach)
  const rows = multiplySnapshots(database, blocks, size.snapshotsEach)
  const last = blocks.timestamp + SNAPSHOT_DAYS * DAY_SECONDS
  let points = 0
  const { median, p95, processor } = await sampled((random) => {
    const id = formatPositionId(positionId(pool, random.integer(0, size.positions - 1)))
    points = snapshotsOf(database, id, last - SERIES_DAYS * DAY_SECONDS, last).length
    if (points === 0) throw new Error(`${id} has no series`)
  })
  return {
    name: 'history-series',
    title: `${SERIES_DAYS} days of one position's snapshots, ${points} points; ${SAMPLES} at random`,
    columns: ['snapshot rows', 'median ms', 'p95 ms', 'processor ms', 'bytes a row, indexes included'],
    rows: [[rows.toLocaleString('en'), median, p95, processor, bytesOf(database, 'snapshots') / rows]],
  }
}

/** Both, over one book in a temporary folder that is gone afterwards. */
export const benchHistory = async (size: HistorySize): Promise<readonly Report[]> => {
  const pool = await readPool()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-history-'))
  try {
    const file = join(folder, 'book.db')
    const { adapter: _adapter, ...sent } = pool
    await runJob<Filled>({ task: 'fill', file, positions: size.positions, pool: sent })
    const database = openDatabase(file)
    try {
      const book = { database, pool, size }
      return [await benchVersions(book), await benchSeries(book)]
    } finally {
      database.$client.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
