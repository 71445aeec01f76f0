// The past of a position or an account, filled in by sampling an archive endpoint.
import { existsSync } from 'node:fs'
import { type Address, isAddress } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { BaseError } from '../model/errors.ts'
import { type PositionId, parsePositionId } from '../model/ids.ts'
import { type Sampled, samplePast } from '../monitor/sampling.ts'
import type { Wanted } from '../monitor/track.ts'
import { loadBook } from '../store/book.ts'
import { type Database, DatabaseMissingError, lockDatabase, openDatabase } from '../store/database.ts'
import { ownerOf } from '../store/entries.ts'
import { storedDeployments } from '../store/history.ts'
import { createCatalogueStore } from './catalogue-store.ts'
import { openChain } from './chains.ts'
import type { ChainConfig, Config } from './config/config.ts'

/** More is a mistake, or a week of requests. */
const SAMPLES_MAX = 50_000

export class NotFollowedError extends BaseError {
  override readonly name = 'NotFollowedError'
  constructor(who: string) {
    super(`nothing that the configuration names and the database follows can be sampled for ${who}`, {
      remedy:
        'Configure the market, then run "plimsoll watch" or "plimsoll sync" once: samples belong to followed deployments.',
    })
  }
}

export class UnknownOwnerError extends BaseError {
  override readonly name = 'UnknownOwnerError'
  constructor(position: string) {
    super(`the database does not know whose ${position} is`, {
      remedy: 'Name the account instead of the position.',
    })
  }
}

export class NoSamplesError extends BaseError {
  override readonly name = 'NoSamplesError'
}

/** Times in seconds; `since` and `until` are part of the span. */
export type Span = { readonly since: number; readonly until: number; readonly everySeconds: number }

export type BackfillOptions = {
  readonly config: Config
  /** A position id, or an account. */
  readonly who: string
  readonly span: Span
  readonly signal: AbortSignal
  onProgress(chainId: number, doneCount: number, timeCount: number): void
  /** Told where the list of markets cannot be remembered. */
  onUnsaved(reason: string): void
}

/** A chain whose past could not be sampled to the end; what was stored stays. */
export type BackfillFailure = { readonly chainId: number; readonly error: unknown }

export type Backfilled = {
  readonly chains: readonly Sampled[]
  readonly failures: readonly BackfillFailure[]
}

/**
 * Whole multiples of the step, newest first, so that another run asks for the same. Throws `NoSamplesError` where there is
 * none in the span, or too many.
 */
export const sampleTimes = ({ since, until, everySeconds }: Span): readonly number[] => {
  const newest = Math.floor(until / everySeconds)
  const count = Math.max(0, newest - Math.ceil(since / everySeconds) + 1)
  if (count === 0)
    throw new NoSamplesError(`no whole step of ${everySeconds} s lies between ${since} and ${until}`, {
      remedy:
        'Give an earlier --since or a shorter --every. The past reaches up to the block that the database has followed to.',
    })
  if (count > SAMPLES_MAX)
    throw new NoSamplesError(`that are ${count} samples of each chain; at most ${SAMPLES_MAX} are taken`, {
      remedy: 'Give a later --since or a longer --every.',
    })
  return Array.from({ length: count }, (_, index) => (newest - index) * everySeconds)
}

type Subject = { readonly account: Address; readonly id: PositionId | undefined }

const subjectOf = (database: Database, who: string): Subject => {
  if (!who.includes(':')) return { account: who as Address, id: undefined }
  const id = parsePositionId(who)
  const account = ownerOf(database, id) ?? (isAddress(id.account) ? id.account : undefined)
  if (!account) throw new UnknownOwnerError(who)
  return { account, id }
}

/** What is both configured and followed, of the subject's chain and deployment. */
const followedOf = (
  database: Database,
  { id: chainId, wanted }: ChainConfig,
  { id }: Subject,
): readonly Wanted[] => {
  const followed = new Set(
    storedDeployments(database, chainId).map(
      ({ deployment: { protocol, deployment } }) => `${protocol}:${deployment}`,
    ),
  )
  return wanted
    .filter(({ deployment }) => followed.has(`${deployment.protocol}:${deployment.deployment}`))
    .filter(
      ({ deployment }) =>
        !id ||
        (id.chainId === chainId &&
          id.protocol === deployment.protocol &&
          id.deployment === deployment.deployment),
    )
}

type Work = {
  readonly chainConfig: ChainConfig
  readonly wanted: readonly Wanted[]
  readonly cursor: BlockRef
  readonly times: readonly number[]
}

const worksOf = (database: Database, { config, who, span }: BackfillOptions, subject: Subject) => {
  const works = config.chains.flatMap((chainConfig): readonly Work[] => {
    const wanted = followedOf(database, chainConfig, subject)
    const { cursor } = loadBook(database, chainConfig.id, [])
    if (wanted.length === 0 || !cursor) return []
    const until = Math.min(span.until, cursor.timestamp)
    return [{ chainConfig, wanted, cursor, times: sampleTimes({ ...span, until }) }]
  })
  if (works.length === 0) throw new NotFollowedError(who)
  return works
}

const sampleChain = async (
  { who, signal, onProgress, onUnsaved }: BackfillOptions,
  database: Database,
  { account, id }: Subject,
  { chainConfig, wanted, cursor, times }: Work,
): Promise<Sampled | BackfillFailure> => {
  const chain = openChain(chainConfig)
  signal.addEventListener('abort', chain.close)
  const { readRoundsMax, reorgDepthMax } = chainConfig.monitorLimits
  try {
    return await samplePast({
      ...{ chain, database, wanted, account, times, cursor, readRoundsMax, signal },
      position: id ? who : undefined,
      catalogue: { store: createCatalogueStore(onUnsaved), reorgDepthMax, onProgress: () => undefined },
      onProgress: (doneCount, timeCount) => onProgress(chain.id, doneCount, timeCount),
    })
  } catch (error) {
    return { chainId: chain.id, error }
  } finally {
    chain.close()
  }
}

/**
 * Samples the past on every configured chain with a followed deployment of the subject, side by side, up to the block that
 * the database has followed to. A chain that fails is a failure of its own. Throws `DatabaseMissingError`,
 * `DatabaseLockedError`, `NotFollowedError`, `UnknownOwnerError` and `NoSamplesError`.
 */
export const backfill = async (options: BackfillOptions): Promise<Backfilled> => {
  const { storeFile } = options.config
  if (!existsSync(storeFile)) throw new DatabaseMissingError(storeFile)
  const lock = lockDatabase(storeFile)
  const database = openDatabase(storeFile)
  try {
    const subject = subjectOf(database, options.who)
    const works = worksOf(database, options, subject)
    const results = await Promise.all(works.map((work) => sampleChain(options, database, subject, work)))
    return {
      chains: results.filter((one): one is Sampled => 'readCount' in one),
      failures: results.filter((one): one is BackfillFailure => 'error' in one),
    }
  } finally {
    database.$client.close()
    lock.release()
  }
}
