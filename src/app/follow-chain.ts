// One chain of the daemon: opened, loaded, followed; outages noticed and told.
import type { Engine } from '../alerts/engine.ts'
import type { Chain, Header } from '../chain/chain.ts'
import { messageOf } from '../model/errors.ts'
import { createFollower, type Follower } from '../monitor/cycle.ts'
import { type FollowEvent, followChain } from '../monitor/follow.ts'
import { judgeOutage } from '../monitor/outage.ts'
import { trackDeployments } from '../monitor/track.ts'
import { openAlerts } from '../store/alerts.ts'
import type { Book } from '../store/book.ts'
import type { Database } from '../store/database.ts'
import { latestSnapshots } from '../store/snapshots.ts'
import { failureReason } from './check.ts'
import { nowMs, sleep } from './clock.ts'
import type { ChainConfig, Config } from './config/config.ts'
import { createJudge } from './judging.ts'
import type { Log } from './log.ts'

export type ChainService = {
  readonly config: Config
  readonly chainConfig: ChainConfig
  readonly chain: Chain
  readonly database: Database
  readonly engine: Engine
  readonly log: Log
  /** New notifications were committed. */
  onNotifications(): void
  onEvent(event: FollowEvent): void
}

/** The follower of a chain over what the database holds of it. */
export const loadFollower = async (service: ChainService, head: Header): Promise<Follower> => {
  const { chain, chainConfig, database, config, engine } = service
  const book: Book = await trackDeployments(chain, database, chainConfig.wanted, chainConfig.follow, head)
  return createFollower({
    chain,
    database,
    book,
    follow: chainConfig.follow,
    watched: config.watches.map(({ account }) => account),
    limits: chainConfig.monitorLimits,
    judge: createJudge(engine, openAlerts(database, chain.id)),
    lastSnapshots: latestSnapshots(database, chain.id),
  })
}

/** Waits until the chain can be loaded for the first time; every failed attempt is reported. */
const load = async (
  service: ChainService,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<Follower | undefined> => {
  while (!signal.aborted) {
    try {
      return await loadFollower(service, await service.chain.head())
    } catch (error) {
      onError(error)
      await sleep(service.chainConfig.pollIntervalMs, signal)
    }
  }
  return undefined
}

/** Tells of an outage once it has lasted as long as the configuration bears, and again with every further failure. */
const createOutageWatch = (service: ChainService, followerNow: () => Follower | undefined) => {
  let lastSuccessMs = nowMs()
  return {
    succeeded: (): void => {
      lastSuccessMs = nowMs()
    },
    failed: (error: unknown): void => {
      const follower = followerNow()
      const seconds = Math.floor((nowMs() - lastSuccessMs) / 1_000)
      if (!follower || seconds < service.chainConfig.unreachableSecondsMax) return
      const outage = { reason: failureReason(error), detail: messageOf(error) }
      const watched = service.config.watches.map(({ account }) => account)
      const count = judgeOutage(follower, watched, outage, Math.floor(nowMs() / 1_000))
      if (count > 0) service.onNotifications()
    },
  }
}

/** Follows one chain until the signal aborts. Throws only what no later attempt could mend. */
export const runChain = async (service: ChainService, signal: AbortSignal): Promise<void> => {
  const { chain, chainConfig, log } = service
  let follower: Follower | undefined
  const outage = createOutageWatch(service, () => follower)
  const onEvent = (event: FollowEvent): void => {
    if (event.kind === 'error') outage.failed(event.error)
    else outage.succeeded()
    service.onEvent(event)
    if (event.kind === 'cycle' && event.outcome.kind === 'committed' && event.outcome.notificationCount > 0)
      service.onNotifications()
  }
  follower = await load(service, signal, (error) => onEvent({ kind: 'error', stage: 'head', error }))
  if (!follower) return
  log.info(
    { event: 'following', chainId: chain.id, follow: chainConfig.follow, markets: chainConfig.wanted.length },
    `following ${chain.label}`,
  )
  const { cycleIntervalMsMin } = chainConfig
  await followChain(chain, follower, { signal, onEvent, cycleIntervalMsMin, nowMs, sleep })
}
