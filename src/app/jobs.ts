// What the daemon does on time.

import { takesSummaries } from '../alerts/notifiers/index.ts'
import { takeCheckpoint } from '../monitor/checkpoint.ts'
import { pruneAlertRecords } from '../store/alert-records.ts'
import type { Database } from '../store/database.ts'
import { pruneOutbox } from '../store/outbox.ts'
import { thinHistory } from '../store/retention.ts'
import { sendAlive } from './alive.ts'
import type { ChainState } from './chain-states.ts'
import { nowMs } from './clock.ts'
import type { Config } from './config/config.ts'
import { lastScheduledMs } from './cron.ts'
import { sendDigests } from './digest.ts'
import type { Job } from './schedule.ts'
import type { WatchList } from './watch-list.ts'

const DAY_MS = 86_400_000
const OUTBOX_DAYS = 30
const ALERT_RECORD_DAYS = 30

export type JobTools = {
  readonly config: Config
  readonly database: Database
  readonly states: readonly ChainState[]
  readonly watchList: WatchList
  onNotifications(): void
}

/** A checkpoint of every chain that is followed, one after the other. */
function* checkpoints(states: readonly ChainState[]): Generator<void> {
  for (const { follower } of states) if (follower) yield* takeCheckpoint(follower)
}

/** Receivers of summaries and heartbeats where the configuration names none. */
const summaryReceivers = ({ receivers }: Config): readonly string[] =>
  receivers.filter(takesSummaries).map(({ name }) => name)

const seconds = (ms: number): number => Math.floor(ms / 1_000)

/** A digest sums up what was since the last one was due. */
const digestJob = (tools: JobTools, { cron, timezone, receivers }: NonNullable<Config['digest']>): Job => ({
  ...{ name: 'digest', cron, timezone, whenMissed: 'now' },
  run: (dueAtMs) => {
    const { database, states, watchList } = tools
    const since = seconds(lastScheduledMs(cron, timezone, dueAtMs - 1_000) ?? dueAtMs - DAY_MS)
    const until = seconds(dueAtMs)
    const watches = watchList.watches()
    const spokenTo = new Set(watches.flatMap((watch) => watch.receivers))
    sendDigests('digest', {
      ...{ database, watches, states, since, until, nowMs: nowMs() },
      receivers: receivers ?? summaryReceivers(tools.config).filter((name) => spokenTo.has(name)),
    })
    tools.onNotifications()
  },
})

const heartbeatJob = (
  tools: JobTools,
  { cron, timezone, receivers }: NonNullable<Config['heartbeat']>,
): Job => ({
  ...{ name: 'heartbeat', cron, timezone, whenMissed: 'wait' },
  run: (dueAtMs) => {
    const { config, database, states, watchList } = tools
    sendAlive('heartbeat', {
      ...{ database, states, dueAtMs, nowMs: nowMs() },
      watchedCount: watchList.accounts.length,
      receivers: receivers ?? summaryReceivers(config),
    })
    tools.onNotifications()
  },
})

/** Every job of a daemon. */
export const jobsOf = (tools: JobTools): readonly Job[] => {
  const { config, database, states } = tools
  const keptBlocks = Math.max(...config.chains.map(({ monitorLimits }) => monitorLimits.reorgDepthMax))
  return [
    { name: 'checkpoint', cron: '0 * * * *', whenMissed: 'wait', run: () => checkpoints(states) },
    {
      ...{ name: 'thin-history', cron: '30 * * * *', whenMissed: 'now' },
      run: () => thinHistory(database, config.historyDays, keptBlocks),
    },
    {
      ...{ name: 'prune-outbox', cron: '30 3 * * *', whenMissed: 'now' },
      run: () => pruneOutbox(database, nowMs() - OUTBOX_DAYS * DAY_MS),
    },
    {
      ...{ name: 'prune-alert-records', cron: '40 3 * * *', whenMissed: 'now' },
      run: () => pruneAlertRecords(database, nowMs() - ALERT_RECORD_DAYS * DAY_MS),
    },
    ...(config.digest ? [digestJob(tools, config.digest)] : []),
    ...(config.heartbeat ? [heartbeatJob(tools, config.heartbeat)] : []),
  ]
}
