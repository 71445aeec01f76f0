// The daemon: every chain followed, alerts delivered, jobs on time, stopped cleanly.
import { builtInRules } from '../alerts/built-in.ts'
import { createDeliverer, defaultDeliveryLimits, type Outbox } from '../alerts/deliver.ts'
import { createEngine, type Engine } from '../alerts/engine.ts'
import { notifierOf } from '../alerts/notifiers/index.ts'
import { takeCheckpoint } from '../monitor/checkpoint.ts'
import type { Follower } from '../monitor/cycle.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { pruneAlertRecords } from '../store/alert-records.ts'
import { type Database, lockDatabase, openDatabase } from '../store/database.ts'
import {
  dueNotifications,
  hastenOutbox,
  markDead,
  markDelivered,
  markFailed,
  nextDueAtMs,
  pruneOutbox,
  waitingReceivers,
} from '../store/outbox.ts'
import { thinHistory } from '../store/retention.ts'
import { openChain } from './chains.ts'
import { nowMs, sleep } from './clock.ts'
import type { Config } from './config/config.ts'
import { startControl } from './control-service.ts'
import { createFollowLog, logChainEvent, logDelivery } from './events.ts'
import { runChain } from './follow-chain.ts'
import type { Log } from './log.ts'
import { createNotifying } from './notifying.ts'
import { startSchedule } from './schedule.ts'

const DAY_MS = 86_400_000
const OUTBOX_DAYS = 30

/** A checkpoint of every chain that is followed, one after the other. */
function* checkpoints(followers: Iterable<Follower>): Generator<void> {
  for (const follower of followers) yield* takeCheckpoint(follower)
}

/** The engine of a configuration's rules, watches and receivers. Throws `RuleError`. */
export const engineOf = (config: Config): Engine =>
  createEngine({
    rules: config.rules ?? builtInRules,
    watches: config.watches,
    receivers: config.receivers.map(({ name }) => name),
  })

const outboxOf = (database: Database): Outbox => ({
  receivers: () => waitingReceivers(database),
  due: (receiver, at, limit) => dueNotifications(database, receiver, at, limit),
  nextDueAtMs: (receiver) => nextDueAtMs(database, receiver),
  delivered: (sequence, at) => markDelivered(database, sequence, at),
  failed: (sequence, error, at) => markFailed(database, sequence, error, at),
  dead: (sequence, error, at) => markDead(database, sequence, error, at),
  hasten: (receiver, at) => hastenOutbox(database, receiver, at),
})

export type WatchOptions = {
  readonly config: Config
  readonly log: Log
  readonly signal: AbortSignal
  /** Where console receivers write. */
  writeLine(line: string): void
  onEvent?(chainId: number, event: FollowEvent): void
}

/** Runs until the signal aborts: claims the database, follows all chains, delivers. Throws what cannot be mended by waiting. */
export const watch = async ({ config, log, signal, writeLine, onEvent }: WatchOptions): Promise<void> => {
  const engine = engineOf(config)
  const lock = lockDatabase(config.storeFile)
  const database = openDatabase(config.storeFile)
  const deliverer = createDeliverer({
    outbox: outboxOf(database),
    notifiers: new Map(
      config.receivers.map((receiver) => [receiver.name, notifierOf(receiver, { nowMs, writeLine })]),
    ),
    limits: defaultDeliveryLimits,
    nowMs,
    random: Math.random,
    sleep,
    onEvent: (event) => logDelivery(log, event),
  })
  const notifying = createNotifying(log, deliverer.kick)
  const followers: Follower[] = []
  const keptBlocks = Math.max(...config.chains.map(({ monitorLimits }) => monitorLimits.reorgDepthMax))
  const schedule = startSchedule(
    [
      { name: 'checkpoint', cron: '0 * * * *', run: () => checkpoints(followers) },
      {
        name: 'thin-history',
        cron: '30 * * * *',
        run: () => thinHistory(database, config.historyDays, keptBlocks),
      },
      {
        name: 'prune-outbox',
        cron: '30 3 * * *',
        run: () => pruneOutbox(database, nowMs() - OUTBOX_DAYS * DAY_MS),
      },
      {
        name: 'prune-alert-records',
        cron: '40 3 * * *',
        run: () => pruneAlertRecords(database, nowMs() - OUTBOX_DAYS * DAY_MS),
      },
    ],
    log,
  )
  const chains = config.chains.map((chainConfig) => ({
    chainConfig,
    chain: openChain(chainConfig, (event) => logChainEvent(log, chainConfig.id, event)),
  }))
  const control = await startControl(config, database, log, notifying.lookAgain)
  const delivering = deliverer.run(signal)
  try {
    const following = Promise.all(
      chains.map(({ chainConfig, chain }) => {
        const logEvent = createFollowLog(log, chain, nowMs)
        return runChain(
          {
            config,
            chainConfig,
            chain,
            database,
            engine,
            notifying,
            log,
            onFollower: (follower) => followers.push(follower),
            onNotifications: deliverer.kick,
            onEvent: (event) => {
              logEvent(event)
              onEvent?.(chain.id, event)
            },
          },
          signal,
        )
      }),
    )
    await Promise.all([following, delivering, notifying.run(signal)])
  } finally {
    await control.close()
    await schedule.stop()
    for (const { chain } of chains) chain.close()
    database.$client.close()
    lock.release()
  }
}
