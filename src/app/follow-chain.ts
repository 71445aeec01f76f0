// One chain of the daemon: opened, loaded, followed; outages noticed and told.
import { builtInRules } from '../alerts/built-in.ts'
import type { Engine } from '../alerts/engine.ts'
import type { Chain, Header } from '../chain/chain.ts'
import { messageOf } from '../model/errors.ts'
import { createFollower, type Follower } from '../monitor/cycle.ts'
import { type FollowEvent, followChain } from '../monitor/follow.ts'
import type { Judge } from '../monitor/judge.ts'
import { judgeOutage, type KnownBook, type Outage } from '../monitor/outage.ts'
import { trackDeployments } from '../monitor/track.ts'
import { createWiringKeeper, type WiringKeeper } from '../monitor/wiring-keeper.ts'
import { openAlerts } from '../store/alerts.ts'
import { type Book, loadBook } from '../store/book.ts'
import { type Database, DatabaseFullError } from '../store/database.ts'
import { failureReason } from './check.ts'
import { nowMs, sleep } from './clock.ts'
import type { ChainConfig, Config } from './config/config.ts'
import { notifySettings } from './config/notify.ts'
import { createDesk } from './desk.ts'
import { createJudge } from './judging.ts'
import type { Log } from './log.ts'
import type { Notifying } from './notifying.ts'

export type ChainService = {
  readonly config: Config
  readonly chainConfig: ChainConfig
  readonly chain: Chain
  readonly database: Database
  readonly engine: Engine
  readonly notifying: Pick<Notifying, 'add' | 'kick'>
  readonly log: Log
  /** The chain is loaded and followed from now on. */
  onFollower(follower: Follower): void
  /** New notifications were committed. */
  onNotifications(): void
  onEvent(event: FollowEvent): void
}

/** The judge of a chain, over the alerts that are open in its database. */
export const judgeOf = ({ engine, database, chain, config, notifying }: ChainService): Judge => {
  const settings = notifySettings(config.notify, config.receivers, config.rules ?? builtInRules)
  const desk = createDesk({ database, chainId: chain.id, settings, nowMs, onAccepted: notifying.kick })
  notifying.add(desk)
  return createJudge(engine, openAlerts(database, chain.id), desk)
}

/** The follower of a chain over what the database holds of it. */
export const loadFollower = async (service: ChainService, head: Header, judge: Judge): Promise<Follower> => {
  const { chain, chainConfig, database, config } = service
  const book = await trackDeployments(chain, database, chainConfig.wanted, chainConfig.follow, head)
  return createFollower({
    chain,
    database,
    book,
    follow: chainConfig.follow,
    watched: config.watches.map(({ account }) => account),
    limits: chainConfig.monitorLimits,
    judge,
    groups: chainConfig.groups,
  })
}

/** Waits until the chain can be loaded for the first time; every failed attempt is reported. */
const load = async (
  service: ChainService,
  judge: Judge,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<Follower | undefined> => {
  while (!signal.aborted) {
    try {
      return await loadFollower(service, await service.chain.head(), judge)
    } catch (error) {
      if (signal.aborted) break
      onError(error)
      await sleep(service.chainConfig.pollIntervalMs, signal)
    }
  }
  return undefined
}

const outageOf = (error: unknown): Outage => {
  const reason = failureReason(error)
  const ofChain = reason === 'stale-head' ? 'HeadStale' : 'EndpointDown'
  return {
    signal: error instanceof DatabaseFullError ? 'DatabaseFull' : ofChain,
    reason,
    detail: messageOf(error),
    timestamp: Math.floor(nowMs() / 1_000),
  }
}

/**
 * Tells of an outage once it has lasted as long as the configuration bears, and again with every further failure. Where the
 * database takes not even that, it is told with the first failure after it does again; the log tells it all the while.
 */
const createOutageWatch = (service: ChainService, judge: Judge, bookNow: () => KnownBook) => {
  const { chainConfig, config, database } = service
  let lastSuccessMs = nowMs()
  return {
    succeeded: (): void => {
      lastSuccessMs = nowMs()
    },
    failed: (error: unknown): void => {
      const seconds = Math.floor((nowMs() - lastSuccessMs) / 1_000)
      if (seconds < chainConfig.unreachableSecondsMax) return
      const watched = config.watches.map(({ account }) => account)
      try {
        if (judgeOutage(database, bookNow(), watched, judge, outageOf(error)) > 0) service.onNotifications()
      } catch (refused) {
        if (!(refused instanceof DatabaseFullError)) throw refused
        if (!(error instanceof DatabaseFullError))
          service.onEvent({ kind: 'error', stage: 'alerts', error: refused })
      }
    },
  }
}

/** Follows one chain until the signal aborts, which ends its requests too; failures are reported and outlived. */
export const runChain = async (service: ChainService, signal: AbortSignal): Promise<void> => {
  const { chain, chainConfig, database, log } = service
  const judge = judgeOf(service)
  signal.addEventListener('abort', chain.close)
  let follower: Follower | undefined
  let unfollowed: Book | undefined
  const outage = createOutageWatch(service, judge, () => {
    if (follower) return follower
    unfollowed ??= loadBook(database, chain.id, chainConfig.wanted)
    return { book: unfollowed }
  })
  let wiring: WiringKeeper | undefined
  const onEvent = (event: FollowEvent): void => {
    if (event.kind !== 'error') outage.succeeded()
    else if (event.stage !== 'discovery' && event.stage !== 'wiring') outage.failed(event.error)
    service.onEvent(event)
    if (event.kind === 'cycle' && event.outcome.kind === 'committed' && event.outcome.notificationCount > 0)
      service.onNotifications()
    const cursor = follower?.book.cursor
    if (event.kind === 'cycle' && event.outcome.kind === 'committed' && cursor)
      wiring?.afterCycle(cursor).catch((error: unknown) => {
        if (!signal.aborted) onEvent({ kind: 'error', stage: 'wiring', error })
      })
  }
  follower = await load(service, judge, signal, (error) => onEvent({ kind: 'error', stage: 'head', error }))
  unfollowed = undefined
  if (!follower) return
  wiring = createWiringKeeper(chain.background(signal).read, database, follower.book, chain.id)
  service.onFollower(follower)
  log.info(
    { event: 'following', chainId: chain.id, follow: chainConfig.follow, markets: chainConfig.wanted.length },
    `following ${chain.label}`,
  )
  if (service.engine.restlessRules.length > 0)
    log.warn(
      { event: 'restless-rules', chainId: chain.id, rules: service.engine.restlessRules },
      'no health makes these rules false: every loan is assessed exactly at every head',
    )
  const { cycleIntervalMsMin, pollIntervalMs } = chainConfig
  await followChain(chain, follower, {
    signal,
    onEvent,
    cycleIntervalMsMin,
    retryAfterMs: pollIntervalMs,
    nowMs,
    sleep,
  })
}
