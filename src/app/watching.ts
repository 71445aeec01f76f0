// The watcher watched: the process's own checks, its jobs and its sign of life, wired together.
import type { Engine } from '../alerts/engine.ts'
import type { Database } from '../store/database.ts'
import { markJobDone } from '../store/jobs.ts'
import { type ChainState, silenceOf } from './chain-states.ts'
import { nowMs, sleep } from './clock.ts'
import type { Config } from './config/config.ts'
import { createDeadMansSwitch } from './dead-mans-switch.ts'
import { createDeliveryWatch } from './delivery-watch.ts'
import { diskCheck } from './disk-watch.ts'
import { type ChainService, judgeOf } from './follow-chain.ts'
import { jobsOf } from './jobs.ts'
import type { Log } from './log.ts'
import type { Notifying } from './notifying.ts'
import { startSchedule } from './schedule.ts'
import { createSelfWatch, NO_CHAIN } from './self-watch.ts'
import type { WatchList } from './watch-list.ts'

export type WatchingOptions = {
  readonly config: Config
  readonly database: Database
  readonly engine: Engine
  readonly log: Log
  readonly states: readonly ChainState[]
  readonly watchList: WatchList
  readonly notifying: Pick<Notifying, 'add' | 'kick'>
  onNotifications(): void
  onAlerts: NonNullable<ChainService['onAlerts']>
}

/** What keeps a sign of life back, each in words. The proof that the database takes writes is one, `DatabaseFullError` the answer. */
const illnessOf =
  (
    { database, states }: WatchingOptions,
    deliveries: ReturnType<typeof createDeliveryWatch>,
  ): (() => readonly string[]) =>
  () => {
    markJobDone(database, 'dead-mans-switch', nowMs())
    return [
      ...states.flatMap((state) => silenceOf(state, nowMs()) ?? []),
      ...deliveries().flatMap(({ isMet, detail }) => (isMet ? [detail] : [])),
    ]
  }

/** Starts the jobs and the process's own checks; `run` goes on until the signal aborts, `stop` ends the jobs. */
export const startWatching = (
  options: WatchingOptions,
): { run(signal: AbortSignal): Promise<void>; stop(): Promise<void> } => {
  const { config, database, log, onNotifications } = options
  const { checkSeconds, deliverySecondsMax, jobLateSecondsMax } = config.watcher
  const receivers = config.receivers.map(({ name }) => name)
  const deliveries = createDeliveryWatch(database, receivers, deliverySecondsMax, nowMs)
  const schedule = startSchedule(jobsOf(options), {
    ...{ database, log, nowMs, lateSecondsMax: jobLateSecondsMax },
  })
  const deadMansSwitch =
    config.deadMansSwitch &&
    createDeadMansSwitch({
      ...{ to: config.deadMansSwitch, log, sleep, illness: illnessOf(options, deliveries) },
    })
  const look = createSelfWatch({
    ...{ database, log, nowMs, onNotifications },
    judge: judgeOf(options, NO_CHAIN),
    looks: [
      deliveries,
      schedule.checks,
      () => [diskCheck(database, config.storeFile, config.watcher)],
      ...(deadMansSwitch ? [deadMansSwitch.checks] : []),
    ],
  })
  const looking = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await sleep(checkSeconds * 1_000, signal)
      if (!signal.aborted) look()
    }
  }
  look()
  schedule.catchUp()
  return {
    run: async (signal) => {
      await Promise.all([looking(signal), deadMansSwitch?.run(signal)])
    },
    stop: schedule.stop,
  }
}
