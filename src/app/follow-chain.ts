// One chain of the daemon: opened, loaded, followed; outages noticed and told.
import type { Address } from 'viem'
import { builtInRules } from '../alerts/built-in.ts'
import type { Engine } from '../alerts/engine.ts'
import type { Chain, Header } from '../chain/chain.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import { createFollower, type Follower } from '../monitor/cycle.ts'
import { type FollowEvent, followChain } from '../monitor/follow.ts'
import type { Judge, SelfCheck } from '../monitor/judge.ts'
import { createLookouts } from '../monitor/lookout.ts'
import { createOracleAge, feedOfSubject } from '../monitor/oracle-age.ts'
import { judgeOutage, type KnownBook, type Outage } from '../monitor/outage.ts'
import { type RestingFeed, restingFeeds } from '../monitor/resting-feeds.ts'
import { createSequencerWatch, NO_SEQUENCER } from '../monitor/sequencer.ts'
import { trackDeployments } from '../monitor/track.ts'
import { createWiringKeeper } from '../monitor/wiring-keeper.ts'
import { openAlerts, openAlertsAndOverSince } from '../store/alerts.ts'
import { type Book, loadBook, recentBlocks } from '../store/book.ts'
import { type Database, DatabaseFullError } from '../store/database.ts'
import { loadWiring } from '../store/wiring.ts'
import { failureReason } from './check.ts'
import { nowMs, sleep } from './clock.ts'
import type { ChainConfig, Config } from './config/config.ts'
import { notifySettings } from './config/notify.ts'
import { createDesk } from './desk.ts'
import { type AlertNews, createJudge } from './judging.ts'
import type { Log } from './log.ts'
import type { Notifying } from './notifying.ts'

type Failure = Extract<FollowEvent, { kind: 'error' }>

export type ChainService = {
  readonly config: Config
  readonly chainConfig: ChainConfig
  readonly chain: Chain
  readonly database: Database
  readonly engine: Engine
  /** Watched accounts; where they may change, always those of now. */
  readonly watched: readonly Address[]
  readonly notifying: Pick<Notifying, 'add' | 'kick'>
  readonly log: Log
  /** The chain is loaded and followed from now on. */
  onFollower(follower: Follower): void
  /** New notifications were committed. */
  onNotifications(): void
  onEvent(event: FollowEvent): void
  /** Alerts of a chain, 0 for none, as committed. */
  onAlerts?(chainId: number, news: readonly AlertNews[]): void
}

/** Alerts that are open, and those that a reorg may still undo. */
const knownAlerts = ({ database, config }: Pick<ChainService, 'database' | 'config'>, chainId: number) => {
  const limits = config.chains.find(({ id }) => id === chainId)?.monitorLimits
  const oldest = limits && recentBlocks(database, chainId, limits.reorgDepthMax).at(-1)
  return oldest ? openAlertsAndOverSince(database, chainId, oldest.timestamp) : openAlerts(database, chainId)
}

/** The judge of a chain, over the alerts of its database. */
export const judgeOf = (
  service: Pick<ChainService, 'engine' | 'database' | 'config' | 'notifying' | 'onAlerts'>,
  chainId: number,
): Judge => {
  const { engine, database, config, notifying } = service
  const settings = notifySettings(config.notify, config.receivers, config.rules ?? builtInRules)
  const desk = createDesk({ database, chainId, settings, nowMs, onAccepted: notifying.kick })
  notifying.add(desk)
  return createJudge(engine, knownAlerts(service, chainId), desk, (news) => service.onAlerts?.(chainId, news))
}

/** The follower of a chain over what the database holds of it. */
export const loadFollower = async (
  service: ChainService,
  head: Header,
  judge: Judge,
  otherChecks: () => readonly SelfCheck[] = () => [],
): Promise<Follower> => {
  const { chain, chainConfig, database, watched } = service
  const book = await trackDeployments(chain, database, chainConfig.wanted, chainConfig.follow, head)
  return createFollower({
    chain,
    database,
    book,
    follow: chainConfig.follow,
    watched,
    limits: chainConfig.monitorLimits,
    judge,
    otherChecks,
    groups: chainConfig.groups,
  })
}

/** Waits until the chain can be loaded for the first time; every failed attempt is reported. */
const load = async (
  service: ChainService,
  judge: Judge,
  otherChecks: () => readonly SelfCheck[],
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<Follower | undefined> => {
  while (!signal.aborted) {
    try {
      return await loadFollower(service, await service.chain.head(), judge, otherChecks)
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
  const { chainConfig, watched, database } = service
  let lastSuccessMs = nowMs()
  return {
    succeeded: (): void => {
      lastSuccessMs = nowMs()
    },
    failed: (error: unknown): void => {
      const seconds = Math.floor((nowMs() - lastSuccessMs) / 1_000)
      if (seconds < chainConfig.unreachableSecondsMax) return
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

/** What is read beside the cycles: its failures are no outage. */
const BESIDE: readonly Failure['stage'][] = ['discovery', 'wiring', 'lookout', 'liquidations']

type Beside = { afterCycle(block: BlockRef): Promise<void>; checks(): readonly SelfCheck[] }

/** What oracles rest on, then how old their words are, and the sequencer. */
const createBeside = (
  { chain, chainConfig, config, database }: ChainService,
  { book, attentions }: Follower,
  signal: AbortSignal,
  onError: (stage: Failure['stage']) => (error: unknown) => void,
): Beside => {
  const { read } = chain.background(signal)
  const wiring = createWiringKeeper(read, database, book, chain.id)
  const feeds = (): readonly RestingFeed[] =>
    book.cursor ? restingFeeds(book.tracked, attentions, book.cursor, loadWiring(database, chain.id)) : []
  const toldStale = openAlerts(database, chain.id).flatMap(({ subject }) => feedOfSubject(subject) ?? [])
  const lookouts = createLookouts(
    [
      createOracleAge({ read, feeds, settings: config.oracles, toldStale }),
      chainConfig.sequencer ? createSequencerWatch(read, chainConfig.sequencer) : NO_SEQUENCER,
    ],
    config.watcher.checkSeconds * 1_000,
    nowMs,
  )
  return {
    afterCycle: async (block) => {
      await wiring.afterCycle(block).catch(onError('wiring'))
      await lookouts.afterCycle(block).catch(onError('lookout'))
    },
    checks: lookouts.checks,
  }
}

/** Follows one chain until the signal aborts, which ends its requests too; failures are reported and outlived. */
export const runChain = async (service: ChainService, signal: AbortSignal): Promise<void> => {
  const { chain, chainConfig, database, log } = service
  const judge = judgeOf(service, chain.id)
  signal.addEventListener('abort', chain.close)
  let follower: Follower | undefined
  let unfollowed: Book | undefined
  const outage = createOutageWatch(service, judge, () => {
    if (follower) return follower
    unfollowed ??= loadBook(database, chain.id, chainConfig.wanted)
    return { book: unfollowed }
  })
  let beside: Beside | undefined
  const onEvent = (event: FollowEvent): void => {
    if (event.kind !== 'error') outage.succeeded()
    else if (!BESIDE.includes(event.stage)) outage.failed(event.error)
    service.onEvent(event)
    if (event.kind === 'cycle' && event.outcome.kind === 'committed' && event.outcome.notificationCount > 0)
      service.onNotifications()
    const cursor = follower?.book.cursor
    if (event.kind === 'cycle' && event.outcome.kind === 'committed' && cursor)
      void beside?.afterCycle(cursor)
  }
  const onError =
    (stage: Failure['stage']) =>
    (error: unknown): void => {
      if (!signal.aborted) onEvent({ kind: 'error', stage, error })
    }
  const otherChecks = () => beside?.checks() ?? []
  follower = await load(service, judge, otherChecks, signal, onError('head'))
  unfollowed = undefined
  if (!follower) return
  beside = createBeside(service, follower, signal, onError)
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
