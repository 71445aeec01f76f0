import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hash } from 'viem'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../test/devnet/random.ts'
import { SNAPSHOT_CAUSES, type Snapshot } from '../model/snapshot.ts'
import { startTracking } from './book.ts'
import { openDatabase } from './database.ts'
import { KIND, openEntry } from './entries.ts'
import { observedBlock } from './history.ts'
import { historySize, thinHistory } from './retention.ts'
import { blocks, chains } from './schema.ts'
import { snapshotsOf, writeSnapshots } from './snapshots.ts'
import { versionAt, writeVersion } from './versions.ts'

const HISTORY_DAYS = 60
const DAYS = 100
const BLOCKS_PER_HOUR = 4
const BLOCK_COUNT = DAYS * 24 * BLOCKS_PER_HOUR
const ENTRIES = 12
const SECONDS_PER_BLOCK = 3_600 / BLOCKS_PER_HOUR
const KEPT_BLOCKS = 8

const database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-retention-')), 'a.db'))
afterAll(() => database.$client.close())

const [chainId, protocol, deployment] = [1, 'p', 'd']
const random = createRandom(5)
const timeOf = (block: number): number => block * SECONDS_PER_BLOCK

const snapshotOf = (account: string, block: number, cause: Snapshot['cause']): Snapshot => ({
  position: `${chainId}:${protocol}:${deployment}:m:${account}`,
  owner: '0x0000000000000000000000000000000000000001',
  blockNumber: BigInt(block),
  timestamp: timeOf(block),
  cause,
  healthFactor: BigInt(block),
  collateralValue: 1n,
  debtValue: 1n,
  isLiquidatable: false,
  reason: null,
})

const { id: deploymentId } = startTracking(
  database,
  { protocol } as Parameters<typeof startTracking>[1],
  { chainId, protocol, deployment },
  undefined,
)
const accounts = Array.from({ length: ENTRIES }, (_, index) => `a${index}`)
const entryIds = accounts.map((account) => openEntry(database, deploymentId, KIND.position, `m:${account}`))

const fill = (): void => {
  for (let block = 1; block <= BLOCK_COUNT; block++) {
    database
      .insert(blocks)
      .values({ chainId, number: block, hash: `0x${block}`, timestamp: timeOf(block) })
      .run()
    for (const [index, entryId] of entryIds.entries()) {
      if (random.chance(0.01))
        writeVersion(
          database,
          chainId,
          block,
          entryId,
          random.chance(0.2) ? null : Buffer.from([block % 251]),
        )
      if (random.chance(0.2))
        writeSnapshots(database, chainId, [
          snapshotOf(
            accounts[index] as string,
            block,
            SNAPSHOT_CAUSES[random.integer(0, 5)] as Snapshot['cause'],
          ),
        ])
    }
  }
  const row = { blockNumber: BLOCK_COUNT, blockHash: '0x1' as Hash, timestamp: timeOf(BLOCK_COUNT) }
  database
    .insert(chains)
    .values({ chainId, ...row })
    .run()
}

const seriesOf = (account: string): readonly Snapshot[] =>
  snapshotsOf(database, `${chainId}:${protocol}:${deployment}:m:${account}`, 0, Number.MAX_SAFE_INTEGER)

const ageDays = (timestamp: number): number => (timeOf(BLOCK_COUNT) - timestamp) / 86_400

/** One in an interval stays, and what began or ended a loan. */
const thinned = (series: readonly Snapshot[]): readonly Snapshot[] =>
  series.filter((snapshot, index) => {
    const { timestamp, cause } = snapshot
    const age = ageDays(timestamp)
    if (age > HISTORY_DAYS) return false
    if (age < 2 || cause === 'opened' || cause === 'closed') return true
    const seconds = age < 30 ? 3_600 : 86_400
    const next = series[index + 1]
    return !next || Math.floor(next.timestamp / seconds) !== Math.floor(timestamp / seconds)
  })

test('the past grows thin, and what is kept of it stays what it was', () => {
  database.transaction(fill)
  const cutoff = BLOCK_COUNT - HISTORY_DAYS * 24 * BLOCKS_PER_HOUR
  const states = () =>
    entryIds.map((id) =>
      Array.from(
        { length: BLOCK_COUNT - cutoff + 1 },
        (_, index) => versionAt(database, id, cutoff + index)?.state ?? null,
      ),
    )
  const [seriesBefore, statesBefore] = [accounts.map(seriesOf), states()]
  let stepCount = 0
  for (const _step of thinHistory(database, HISTORY_DAYS, KEPT_BLOCKS)) stepCount += 1
  expect(stepCount).toBeGreaterThan(0)
  expect(states()).toEqual(statesBefore)
  for (const [index, account] of accounts.entries()) {
    const [kept, wanted] = [seriesOf(account), thinned(seriesBefore[index] ?? [])]
    const isAtEdge = ({ timestamp }: Snapshot): boolean =>
      [2, 30, HISTORY_DAYS].some((days) => Math.abs(ageDays(timestamp) - days) <= 1)
    expect(kept.filter((one) => !isAtEdge(one))).toEqual(wanted.filter((one) => !isAtEdge(one)))
  }
  const oldest = database.$client.prepare('SELECT min(valid_from) AS block FROM versions').get()
  expect(oldest).toEqual({ block: expect.any(Number) })
  expect(observedBlock(database, chainId, BigInt(cutoff - 1)).kind).toBe('unobserved')
  expect(observedBlock(database, chainId, BigInt(cutoff)).kind).toBe('observed')
  expect(historySize(database).chains).toEqual([
    { chainId, blockCount: BLOCK_COUNT - cutoff + 1, oldestTimestamp: timeOf(cutoff) },
  ])
})

test('a second time there is nothing left to thin', () => {
  const before = accounts.map(seriesOf)
  for (const _step of thinHistory(database, HISTORY_DAYS, KEPT_BLOCKS));
  expect(accounts.map(seriesOf)).toEqual(before)
})
