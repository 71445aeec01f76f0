// The daemon: every chain followed, alerts delivered, jobs on time, stopped cleanly.
import { builtInRules } from '../alerts/built-in.ts'
import {
  createDeliverer,
  type Deliverer,
  type DeliveryEvent,
  defaultDeliveryLimits,
  type Outbox,
} from '../alerts/deliver.ts'
import { createEngine, type Engine, type Watch } from '../alerts/engine.ts'
import { notifierOf } from '../alerts/notifiers/index.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { rewatch } from '../monitor/rewatch.ts'
import { type Database, lockDatabase, openDatabase } from '../store/database.ts'
import {
  dueNotifications,
  hastenOutbox,
  markDead,
  markDelivered,
  markFailed,
  nextDueAtMs,
  waitingReceivers,
} from '../store/outbox.ts'
import { type ChainState, newChainState, noteFollowEvent } from './chain-states.ts'
import { openChain } from './chains.ts'
import { nowMs, sleep } from './clock.ts'
import type { Config } from './config/config.ts'
import { perform } from './control.ts'
import { actions } from './control-actions.ts'
import { startControl } from './control-service.ts'
import { createFollowLog, logChainEvent, logDelivery } from './events.ts'
import type { Daemon, Face } from './face.ts'
import { runChain } from './follow-chain.ts'
import { createLiveEngine } from './live-engine.ts'
import type { Log } from './log.ts'
import { createNotifying } from './notifying.ts'
import { testReceiver } from './receiver-test.ts'
import { createWatchList, type WatchList } from './watch-list.ts'
import { startWatching } from './watching.ts'

/** The engine of a configuration's rules and receivers, and of who is watched. Throws `RuleError`. */
export const engineOf = (config: Config, watches: readonly Watch[] = config.watches): Engine =>
  createEngine({
    rules: config.rules ?? builtInRules,
    watches,
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
  /** Starts a face that runs inside the daemon; it is closed with it. */
  serve?(daemon: Daemon): Promise<Face>
}

const delivererOf = (
  { config, log, writeLine }: WatchOptions,
  database: Database,
  onDelivery: (event: DeliveryEvent) => void,
): Deliverer =>
  createDeliverer({
    outbox: outboxOf(database),
    notifiers: new Map(
      config.receivers.map((receiver) => [receiver.name, notifierOf(receiver, { nowMs, writeLine })]),
    ),
    limits: defaultDeliveryLimits,
    nowMs,
    random: Math.random,
    sleep,
    onEvent: (event) => {
      logDelivery(log, event)
      onDelivery(event)
    },
  })

/** Takes up who is watched, without a restart. */
const followWatches = (
  watchList: WatchList,
  states: readonly ChainState[],
  renew: (watches: readonly Watch[]) => void,
): void =>
  watchList.onChange((change) => {
    renew(watchList.watches())
    for (const { follower } of states) if (follower) rewatch(follower, change)
  })

/** Actions as the daemon performs them itself; `onPerformed` hears the name of each. */
const actingOn =
  (database: Database, config: Config, onPerformed: (name: string) => void): Daemon['act'] =>
  (name, input) => {
    const answer = perform(actions, name, input, { database, config, nowMs: nowMs() })
    onPerformed(name)
    return answer
  }

/** Runs until the signal aborts: claims the database, follows all chains, delivers. Throws what cannot be mended by waiting. */
export const watch = async (options: WatchOptions): Promise<void> => {
  const { config, log, signal, onEvent } = options
  const lock = lockDatabase(config.storeFile)
  const database = openDatabase(config.storeFile)
  const watchList = createWatchList(config, database)
  const { engine, renew } = createLiveEngine((watches) => engineOf(config, watches), watchList.watches())
  let face: Face | undefined
  const deliverer = delivererOf(options, database, (event) => face?.onDelivery(event))
  const notifying = createNotifying(log, deliverer.kick)
  const chains = config.chains.map((chainConfig) => ({
    chain: openChain(chainConfig, (event) => logChainEvent(log, chainConfig.id, event)),
    state: newChainState(chainConfig),
  }))
  const states = chains.map(({ state }) => state)
  followWatches(watchList, states, renew)
  const onNotifications = deliverer.kick
  const onAlerts: Face['onAlerts'] = (chainId, news) => face?.onAlerts(chainId, news)
  const watching = startWatching({
    ...{ config, database, engine, log, states, watchList, notifying, onNotifications, onAlerts },
  })
  const onPerformed = (name: string): void => {
    if (name.startsWith('watches.')) watchList.refresh()
    notifying.lookAgain()
    deliverer.kick()
  }
  const control = await startControl(config, database, log, onPerformed)
  const act = actingOn(database, config, onPerformed)
  const follow = ({ chain, state }: (typeof chains)[number]): Promise<void> => {
    const { chainConfig } = state
    const logEvent = createFollowLog(log, chain, nowMs)
    return runChain(
      {
        ...{ config, chainConfig, chain, database, engine, watched: watchList.accounts, log, notifying },
        ...{ onNotifications, onAlerts },
        onFollower: (follower) => {
          state.follower = follower
        },
        onEvent: (event) => {
          noteFollowEvent(state, event, nowMs())
          logEvent(event)
          onEvent?.(chain.id, event)
          face?.onFollowEvent(chain.id, event)
        },
      },
      signal,
    )
  }
  try {
    face = await options.serve?.({
      ...{ config, log, chains, watchList, act, nowMs },
      restsUntilMs: deliverer.restsUntilMs,
      testReceiver: (receiver) => testReceiver(receiver, options.writeLine),
    })
    await Promise.all([
      ...chains.map(follow),
      deliverer.run(signal),
      watching.run(signal),
      notifying.run(signal),
    ])
  } finally {
    await face?.close()
    await control.close()
    await watching.stop()
    for (const { chain } of chains) chain.close()
    database.$client.close()
    lock.release()
  }
}
