// The past of one account on one chain, sampled: the block at each time, read as on demand, kept as snapshots.
import type { Address } from 'viem'
import type { Chain, Header } from '../chain/chain.ts'
import { NoEndpointError } from '../chain/failover.ts'
import { kindOf } from '../chain/rpc-error.ts'
import type { BlockRef } from '../model/block.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { Database } from '../store/database.ts'
import { type Mark, narrowed } from '../store/observed.ts'
import { keepSnapshots, snapshotsOf } from '../store/snapshots.ts'
import { isoTime } from '../units/format.ts'
import { blockAt } from './block-at.ts'
import type { CatalogueOptions } from './catalogue.ts'
import { type Failure, readAccounts } from './on-demand.ts'
import { snapshotOf } from './snapshotting.ts'
import { firstBlock, type Wanted } from './track.ts'

export class PrunedStateError extends BaseError {
  override readonly name = 'PrunedStateError'
  constructor(block: Mark & { readonly chainId: number }, reached: Mark | undefined, cause: unknown) {
    const until = reached
      ? `samples from block ${reached.number} (${isoTime(reached.timestamp)}) on are stored`
      : 'nothing was sampled'
    super(
      `no endpoint of chain ${block.chainId} has the state of block ${block.number} (${isoTime(block.timestamp)}): ${messageOf(cause)}; ${until}`,
      {
        remedy:
          'List an archive endpoint under rpc, then run the same command again: it goes on where it stopped. "plimsoll doctor" tells how far back an endpoint reaches.',
        cause,
      },
    )
  }
}

/** `readCount` and `skippedCount` are of times whose block was read now, or needed no reading. */
export type Sampled = {
  readonly chainId: number
  readonly timeCount: number
  readonly readCount: number
  readonly skippedCount: number
  readonly snapshotCount: number
  /** What could not be found out, once for each market and reason, and in how many samples. */
  readonly failures: readonly (Failure & { readonly sampleCount: number })[]
}

export type SamplingOptions = {
  readonly chain: Chain
  readonly database: Database
  /** Followed deployments of the chain that are sampled. */
  readonly wanted: readonly Wanted[]
  readonly account: Address
  /** Only this position of the account's. */
  readonly position: string | undefined
  /** Times in seconds, newest first. */
  readonly times: readonly number[]
  /** The block that the database has followed to. */
  readonly cursor: BlockRef
  readonly readRoundsMax: number
  readonly catalogue: CatalogueOptions
  readonly signal: AbortSignal
  onProgress(doneCount: number, timeCount: number): void
}

type Started = { readonly wanted: Wanted; readonly name: string; readonly firstBlock: bigint }

const isPruned = (error: unknown): boolean =>
  error instanceof NoEndpointError && error.causes.some((cause) => kindOf(cause) === 'unknown-block')

const headerAt = async (chain: Chain, number: bigint): Promise<Header> => {
  const header = await chain.header(number)
  if (!header) throw new Error(`the endpoint of chain ${chain.id} has no block ${number}`)
  return header
}

/** Blocks of which a deployment has samples of the account's, by the deployment's id. */
const storedBlocks = ({
  database,
  account,
  position,
  times,
}: SamplingOptions): ReadonlyMap<string, ReadonlySet<bigint>> => {
  const stored = new Map<string, Set<bigint>>()
  for (const one of snapshotsOf(database, position ?? account, 0, times[0] ?? 0)) {
    if (one.cause !== 'backfilled') continue
    const deployment = one.position.split(':', 3).join(':')
    stored.set(deployment, (stored.get(deployment) ?? new Set()).add(one.blockNumber))
  }
  return stored
}

/** Reads the account at a block and keeps its snapshots, all at once. A deployment that could not be read whole is left out. `reached` is what was sampled before. */
const sampleAt = async (
  { chain, database, account, position, readRoundsMax, catalogue }: SamplingOptions,
  block: BlockRef,
  due: readonly Started[],
  reached: Mark | undefined,
): Promise<{ readonly snapshotCount: number; readonly failures: readonly Failure[] }> => {
  const wanted = due.map((one) => one.wanted)
  const reading = readAccounts(chain, block, wanted, [account], readRoundsMax, catalogue)
  const { assessments, failures } = await reading.catch((error: unknown) => {
    throw isPruned(error) ? new PrunedStateError(block, reached, error) : error
  })
  const unread = new Set(failures.map(({ market }) => market))
  const snapshots = assessments
    .filter(({ id }) => position === undefined || id === position)
    .filter((one) => !unread.has(formatDeploymentId(one)))
    .map((assessment) => snapshotOf(assessment, 'backfilled'))
  keepSnapshots(database, chain.id, snapshots)
  return { snapshotCount: snapshots.length, failures }
}

const createTally = () => {
  const failures = new Map<string, Failure & { sampleCount: number }>()
  return {
    add: (failure: Failure): void => {
      const key = `${failure.market} ${failure.reason}`
      const known = failures.get(key)
      if (known) known.sampleCount += 1
      else failures.set(key, { ...failure, sampleCount: 1 })
    },
    all: () => [...failures.values()],
  }
}

/** Finds blocks of times that grow older, each search within what is left by the one before. */
const createFinder = ({ chain, database, cursor }: SamplingOptions, oldest: Mark) => {
  let at: Mark = cursor
  return async (time: number): Promise<Mark> => {
    if (time >= at.timestamp) return at
    const bracket = narrowed(database, chain.id, time, { low: oldest, high: at })
    at = (await blockAt(time, bracket, (number) => headerAt(chain, number))).low
    return at
  }
}

/**
 * Samples the past of an account, newest first. Samples that are stored are not read again, and a time at which no
 * deployment was there yet has none. Throws `PrunedStateError` where the endpoints have no state that old, and
 * `DatabaseFullError`, and the signal's reason; what was stored by then stays.
 */
export const samplePast = async (options: SamplingOptions): Promise<Sampled> => {
  const { chain, cursor, times, signal, onProgress } = options
  const started = await Promise.all(
    options.wanted.map(async (wanted): Promise<Started> => {
      const name = formatDeploymentId(wanted.deployment)
      return { wanted, name, firstBlock: await firstBlock(chain, wanted, cursor) }
    }),
  )
  const stored = storedBlocks(options)
  const oldest = await headerAt(
    chain,
    started.map((one) => one.firstBlock).reduce((a, b) => (a < b ? a : b)),
  )
  const find = createFinder(options, oldest)
  const tally = createTally()
  let [readCount, snapshotCount] = [0, 0]
  let last: Mark | undefined
  for (const [index, time] of times.entries()) {
    if (time < oldest.timestamp) break
    signal.throwIfAborted()
    onProgress(index, times.length)
    const mark = await find(time)
    const due = started.filter(
      ({ name, firstBlock }) => firstBlock <= mark.number && !stored.get(name)?.has(mark.number),
    )
    if (mark.number !== last?.number && due.length > 0) {
      const sample = await sampleAt(options, await headerAt(chain, mark.number), due, last)
      for (const failure of sample.failures) tally.add(failure)
      snapshotCount += sample.snapshotCount
      readCount += 1
    }
    last = mark
  }
  onProgress(times.length, times.length)
  return {
    ...{ chainId: chain.id, timeCount: times.length, readCount, skippedCount: times.length - readCount },
    ...{ snapshotCount, failures: tally.all() },
  }
}
