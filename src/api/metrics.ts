// What Prometheus reads: counted as it happens, or looked at when it asks.
import { statSync } from 'node:fs'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { DeliveryEvent } from '../alerts/deliver.ts'
import type { Face } from '../app/face.ts'
import { formatDeploymentId } from '../model/ids.ts'
import type { FollowEvent } from '../monitor/follow.ts'
import { openAlertCounts } from '../store/alert-pages.ts'
import { pendingCount } from '../store/book.ts'
import { receiverHealth } from '../store/outbox-health.ts'
import type { AppOptions } from './app.ts'
import { ageSeconds, staleness } from './reading/chains.ts'
import type { Tools } from './tools.ts'

const DAY_MS = 86_400_000
const CYCLE_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export type Metrics = Pick<Face, 'onFollowEvent' | 'onDelivery'> & {
  readonly onAnswered: AppOptions['onAnswered']
  text(): Promise<{ readonly type: string; readonly body: string }>
  close(): void
}

/** Counters and histograms of what happens. */
const createCounts = (registry: Registry) => {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `plimsoll_${name}`, help, labelNames: [...labelNames], registers })
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) => new Histogram({ name: `plimsoll_${name}`, help, labelNames: [...labelNames], buckets, registers })
  return {
    cycleSeconds: histogram(
      'cycle_duration_seconds',
      'From a new head to the commit of its cycle',
      ['chain'],
      CYCLE_BUCKETS,
    ),
    cycles: counter('cycles_total', 'Cycles, by what they came to', ['chain', 'outcome']),
    failures: counter('failures_total', 'What failed of following a chain and is tried again', [
      'chain',
      'stage',
    ]),
    reorgs: counter('reorgs_total', 'Reorgs that were repaired', ['chain']),
    logs: counter('logs_total', 'Logs that cycles took', ['chain']),
    reads: counter('reads_total', 'Keys that cycles read', ['chain']),
    assessments: counter('assessments_total', 'Loans that cycles assessed exactly', ['chain']),
    liquidations: counter('liquidations_total', 'Liquidations seen', ['chain']),
    changes: counter('parameter_changes_total', 'Changed parameters seen', ['chain']),
    auditChecks: counter('audit_checks_total', 'Loans compared with the contract’s own view', ['chain']),
    auditMismatches: counter('audit_mismatches_total', 'Comparisons that differed', ['chain']),
    notifications: counter('notifications_total', 'Messages that cycles made', ['chain']),
    deliveries: counter('deliveries_total', 'Attempts to deliver a message, by what they came to', [
      'receiver',
      'outcome',
    ]),
    requests: counter('http_requests_total', 'HTTP requests answered', ['method', 'route', 'status']),
    requestSeconds: histogram(
      'http_request_duration_seconds',
      'From a request to its answer',
      ['route'],
      REQUEST_BUCKETS,
    ),
  }
}

type Counts = ReturnType<typeof createCounts>

const countCycle = (counts: Counts, chain: string, event: Extract<FollowEvent, { kind: 'cycle' }>): void => {
  const { outcome, durationMs } = event
  counts.cycles.inc({ chain, outcome: outcome.kind })
  if (outcome.kind !== 'committed') return
  if (durationMs !== undefined) counts.cycleSeconds.observe({ chain }, durationMs / 1_000)
  counts.reorgs.inc({ chain }, outcome.reorgDepth > 0n ? 1 : 0)
  counts.logs.inc({ chain }, outcome.logCount)
  counts.reads.inc({ chain }, outcome.readCount)
  counts.assessments.inc({ chain }, outcome.exactCount)
  counts.liquidations.inc({ chain }, outcome.liquidationCount)
  counts.changes.inc({ chain }, outcome.parameterChanges.length)
  counts.auditChecks.inc({ chain }, outcome.auditCount)
  counts.auditMismatches.inc({ chain }, outcome.mismatches.length)
  counts.notifications.inc({ chain }, outcome.notificationCount)
}

type Look<L extends string> = (
  set: (labels: Record<L, string>, value: number) => void,
) => void | Promise<void>

/** A gauge whose values are looked at when it is read. */
const lookedAt = <L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
  look: Look<L>,
): void => {
  new Gauge({
    ...{ name: `plimsoll_${name}`, help, labelNames: [...labelNames], registers: [registry] },
    async collect() {
      this.reset()
      await look((labels, value) => this.set(labels as never, value))
    },
  })
}

/** The same of what is counted elsewhere. */
const countedElsewhere = <L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
  look: Look<L>,
): void => {
  new Counter({
    ...{ name: `plimsoll_${name}`, help, labelNames: [...labelNames], registers: [registry] },
    async collect() {
      this.reset()
      await look((labels, value) => this.inc(labels as never, value))
    },
  })
}

const watchChains = (registry: Registry, { daemon, chains }: Tools): void => {
  const { nowMs } = daemon
  const labelOf = ({ chain }: (typeof daemon.chains)[number]): string => String(chain.id)
  lookedAt(registry, 'head_block', 'The block whose state is known', ['chain'], (set) => {
    for (const one of daemon.chains) {
      const cursor = one.state.follower?.book.cursor
      if (cursor) set({ chain: labelOf(one) }, Number(cursor.number))
    }
  })
  lookedAt(registry, 'head_lag_seconds', 'Age of that block by its own time', ['chain'], (set) => {
    for (const one of daemon.chains) {
      const cursor = one.state.follower?.book.cursor
      if (cursor) set({ chain: labelOf(one) }, ageSeconds(cursor, nowMs()))
    }
  })
  lookedAt(registry, 'stale', '1 where what is told of a chain is out of date', ['chain'], (set) => {
    for (const one of daemon.chains)
      set({ chain: labelOf(one) }, staleness(one, nowMs()) === undefined ? 0 : 1)
  })
  lookedAt(registry, 'pending_keys', 'Keys that are found and not yet read', ['chain'], (set) => {
    for (const one of daemon.chains)
      set({ chain: labelOf(one) }, pendingCount(one.state.follower?.book.tracked ?? []))
  })
  lookedAt(registry, 'positions', 'Loans of the book', ['chain', 'deployment'], (set) => {
    for (const one of daemon.chains)
      for (const { mirror } of one.state.follower?.book.tracked ?? []) {
        const deployment = formatDeploymentId(mirror.deployment)
        set({ chain: labelOf(one), deployment }, mirror.positions.size)
      }
  })
  const byHealth = (name: string, help: string, field: 'liquidatableCount' | 'unassessableCount'): void =>
    lookedAt(registry, name, help, ['chain', 'deployment'], async (set) => {
      for (const { block, parts } of await chains.indexes(daemon.chains).catch(() => []))
        for (const part of parts) {
          const deployment = formatDeploymentId(part.tracked.mirror.deployment)
          set({ chain: String(block.chainId), deployment }, part[field])
        }
    })
  byHealth('candidates', 'Loans that are liquidatable, as last written down', 'liquidatableCount')
  byHealth('unassessable', 'Loans that cannot be assessed, as last written down', 'unassessableCount')
}

const watchRequests = (registry: Registry, { daemon }: Tools): void => {
  const look = (name: string, help: string, field: 'requestCount' | 'errorCount'): void =>
    countedElsewhere(registry, name, help, ['chain', 'endpoint', 'method'], (set) => {
      for (const { chain } of daemon.chains)
        for (const { name: endpoint, methods } of chain.endpoints())
          for (const one of methods)
            set({ chain: String(chain.id), endpoint, method: one.method }, one[field])
    })
  look('rpc_requests_total', 'Requests to an endpoint', 'requestCount')
  look(
    'rpc_errors_total',
    'Requests to an endpoint that were answered by an error or not at all',
    'errorCount',
  )
  // Of an endpoint that stands by and was never asked nothing is known: it is not down.
  lookedAt(
    registry,
    'endpoint_up',
    '1 where an endpoint answers, 0 where it fails',
    ['chain', 'endpoint'],
    (set) => {
      for (const { chain } of daemon.chains)
        for (const { name: endpoint, state } of chain.endpoints())
          if (state !== 'unknown') set({ chain: String(chain.id), endpoint }, state === 'healthy' ? 1 : 0)
    },
  )
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

const watchStore = (registry: Registry, { daemon, database }: Tools): void => {
  const { storeFile } = daemon.config
  lookedAt(registry, 'database_bytes', 'Size of the database and of its log', ['file'], (set) => {
    set({ file: 'database' }, sizeOf(storeFile))
    set({ file: 'log' }, sizeOf(`${storeFile}-wal`))
  })
  lookedAt(registry, 'alerts', 'Alerts that are pending or firing', ['state', 'severity'], (set) => {
    for (const { state, severity, count } of openAlertCounts(database)) set({ state, severity }, count)
  })
  lookedAt(registry, 'outbox_waiting', 'Messages that wait for a receiver', ['receiver'], (set) => {
    for (const { receiver, waitingCount } of receiverHealth(database, daemon.nowMs() - DAY_MS))
      set({ receiver }, waitingCount)
  })
  lookedAt(registry, 'outbox_dead', 'Messages that were given up in the last day', ['receiver'], (set) => {
    for (const { receiver, deadCount } of receiverHealth(database, daemon.nowMs() - DAY_MS))
      set({ receiver }, deadCount)
  })
}

const watchStream = (registry: Registry, { stream }: Tools): void => {
  lookedAt(registry, 'stream_clients', 'Clients that listen to the stream', [], (set) =>
    set({}, stream.clientCount()),
  )
  countedElsewhere(
    registry,
    'stream_events_total',
    'Events of the stream, for all clients together',
    ['topic'],
    (set) => {
      for (const [topic, count] of Object.entries(stream.eventCounts())) set({ topic }, count)
    },
  )
  countedElsewhere(
    registry,
    'stream_dropped_total',
    'Clients of the stream that were too slow',
    ['reason'],
    (set) => {
      for (const [reason, count] of Object.entries(stream.dropCounts())) set({ reason }, count)
    },
  )
}

/** The metrics of a daemon. */
export const createMetrics = (tools: Tools): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counts = createCounts(registry)
  watchChains(registry, tools)
  watchRequests(registry, tools)
  watchStore(registry, tools)
  watchStream(registry, tools)
  return {
    onFollowEvent: (chainId, event) => {
      const chain = String(chainId)
      if (event.kind === 'cycle') countCycle(counts, chain, event)
      else if (event.kind === 'error') counts.failures.inc({ chain, stage: event.stage })
    },
    onDelivery: ({ kind, notification }: DeliveryEvent) =>
      counts.deliveries.inc({ receiver: notification.receiver, outcome: kind }),
    onAnswered: ({ method, route, status, ms }) => {
      counts.requests.inc({ method, route, status: String(status) })
      counts.requestSeconds.observe({ route }, ms / 1_000)
    },
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
    close: () => registry.clear(),
  }
}
