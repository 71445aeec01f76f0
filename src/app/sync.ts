// Backfill and follow to a block, then stop.
import type { Chain, Header } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import type { Coverage } from '../model/coverage.ts'
import { BaseError } from '../model/errors.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { syncTo } from '../monitor/follow.ts'
import { lockDatabase, openDatabase } from '../store/database.ts'
import { openChain } from './chains.ts'
import type { Config } from './config/config.ts'
import { judgeOf, loadFollower } from './follow-chain.ts'
import type { Log } from './log.ts'
import { engineOf } from './watch.ts'

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

/** Syncs every chain to its head, or to block `to`. Throws what the chain throws; what was committed stays. */
export const sync = async (
  config: Config,
  log: Log,
  to: bigint | undefined,
  signal: AbortSignal,
  onEvent: (chainId: number, event: FollowEvent) => void,
): Promise<readonly Synced[]> => {
  const engine = engineOf(config)
  const lock = lockDatabase(config.storeFile)
  const database = openDatabase(config.storeFile)
  const chains = config.chains.map((chainConfig) => ({ chainConfig, chain: openChain(chainConfig) }))
  try {
    const synced: Synced[] = []
    for (const { chainConfig, chain } of chains) {
      const target = await targetOf(chain, to)
      const ignore = (): void => undefined
      const service = {
        config,
        chainConfig,
        chain,
        database,
        engine,
        log,
        onNotifications: ignore,
        onEvent: ignore,
      }
      const follower = await loadFollower(service, target, judgeOf(service))
      await syncTo(follower, target, (event) => onEvent(chain.id, event), signal)
      const { tracked } = follower.book
      synced.push({
        block: follower.book.cursor ?? target,
        positionCount: tracked.reduce((sum, { mirror }) => sum + mirror.positions.size, 0),
        coverage: tracked.flatMap(({ adapter, mirror }) =>
          adapter.coverage(mirror, follower.book.cursor ?? target),
        ),
      })
    }
    return synced
  } finally {
    for (const { chain } of chains) chain.close()
    database.$client.close()
    lock.release()
  }
}
