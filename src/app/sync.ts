// Backfill and follow to a block, then stop.
import type { Address } from 'viem'
import type { Engine } from '../alerts/engine.ts'
import type { Chain, Header } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import { BaseError } from '../model/errors.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { syncTo } from '../monitor/follow.ts'
import { createWiringKeeper } from '../monitor/wiring-keeper.ts'
import { positionCount } from '../store/book.ts'
import { type Database, lockDatabase, openDatabase } from '../store/database.ts'
import { openChain } from './chains.ts'
import { nowMs } from './clock.ts'
import type { ChainConfig, Config } from './config/config.ts'
import { createFollowLog, logChainEvent } from './events.ts'
import { judgeOf, loadFollower } from './follow-chain.ts'
import type { Log } from './log.ts'
import type { WorkProgress } from './progress.ts'
import { engineOf } from './watch.ts'
import { createWatchList } from './watch-list.ts'

export class NoSuchBlockError extends BaseError {
  override readonly name = 'NoSuchBlockError'
  constructor(chainId: number, number: bigint) {
    super(`chain ${chainId} has no block ${number} yet`, { remedy: 'Leave --to out to sync to the head.' })
  }
}

/** One chain after a sync. */
export type Synced = {
  readonly block: BlockRef
  readonly positionCount: number
  readonly coverage: readonly Coverage[]
}

const targetOf = async (chain: Chain, to: bigint | undefined): Promise<Header> => {
  if (to === undefined) return chain.head()
  const header = await chain.header(to)
  if (!header) throw new NoSuchBlockError(chain.id, to)
  return header
}

/** A chain that could not be synced; what was committed of it stays. */
export type SyncFailure = { readonly chainId: number; readonly error: unknown }

export type SyncOptions = {
  readonly config: Config
  readonly log: Log
  /** The block to stop at; undefined: each chain's head. */
  readonly to: bigint | undefined
  readonly signal: AbortSignal
  onProgress(progress: WorkProgress): void
}

type SyncedChain = { readonly chainConfig: ChainConfig; readonly chain: Chain }

const syncChain = async (
  { config, log, to, signal, onProgress }: SyncOptions,
  { chainConfig, chain }: SyncedChain,
  database: Database,
  engine: Engine,
  watched: readonly Address[],
): Promise<Synced> => {
  const target = await targetOf(chain, to)
  const ignore = (): void => undefined
  const service = {
    ...{ config, chainConfig, chain, database, engine, log, watched },
    ...{
      notifying: { add: ignore, kick: ignore },
      onFollower: ignore,
      onNotifications: ignore,
      onEvent: ignore,
    },
  }
  const logEvent = createFollowLog(log, chain, nowMs)
  const onEvent = (event: FollowEvent): void => {
    const progress = logEvent(event)
    if (progress) onProgress(progress)
  }
  const follower = await loadFollower(service, target, judgeOf(service, chain.id))
  await syncTo(follower, target, onEvent, signal, nowMs)
  const { tracked } = follower.book
  const wiring = createWiringKeeper(chain.read, database, follower.book, chain.id)
  await wiring
    .look(follower.book.cursor ?? target)
    .catch((error: unknown) => onEvent({ kind: 'error', stage: 'wiring', error }))
  return {
    block: follower.book.cursor ?? target,
    positionCount: positionCount(tracked),
    coverage: tracked.flatMap(({ adapter, mirror }) =>
      adapter.coverage(mirror, follower.book.cursor ?? target),
    ),
  }
}

/** Syncs all chains side by side, each to its head or to one block. A chain that fails is a failure of its own; the others go on. */
export const sync = async (
  options: SyncOptions,
): Promise<{ readonly chains: readonly Synced[]; readonly failures: readonly SyncFailure[] }> => {
  const { config, log, signal } = options
  const lock = lockDatabase(config.storeFile)
  const database = openDatabase(config.storeFile)
  const { watches, accounts } = createWatchList(config, database)
  const engine = engineOf(config, watches())
  const opened = config.chains.map((chainConfig) => ({
    chainConfig,
    chain: openChain(chainConfig, (event) => logChainEvent(log, chainConfig.id, event)),
  }))
  const closeAll = (): void => {
    for (const { chain } of opened) chain.close()
  }
  signal.addEventListener('abort', closeAll)
  try {
    const results = await Promise.all(
      opened.map(async (one): Promise<Synced | SyncFailure> => {
        try {
          return await syncChain(options, one, database, engine, accounts)
        } catch (error) {
          return { chainId: one.chain.id, error }
        }
      }),
    )
    return {
      chains: results.filter((one): one is Synced => 'block' in one),
      failures: results.filter((one): one is SyncFailure => 'error' in one),
    }
  } finally {
    closeAll()
    database.$client.close()
    lock.release()
  }
}
