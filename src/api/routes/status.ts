import { z } from 'zod'
import type { DaemonChain } from '../../app/face.ts'
import { SEVERITIES } from '../../model/alert.ts'
import { SELF_CHECKS } from '../../monitor/self-checks.ts'
import { firingAlerts } from '../../store/alerts.ts'
import { isDiscovering, pendingCount, positionCount } from '../../store/book.ts'
import { asOf, staleness } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { address, asOfShape, integer, seconds } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import type { Tools } from '../tools.ts'

const chainStatus = component(
  'ChainStatus',
  z.object({
    chainId: z.int(),
    label: z.string(),
    follow: z.enum(['watched', 'book']),
    status: z.enum(['green', 'red']),
    reason: z.string().nullable().describe('Why it is red'),
    failure: z
      .object({ since: seconds, stage: z.string(), error: z.string() })
      .nullable()
      .describe('What fails now, where it has not succeeded since'),
    ensRegistry: address
      .nullable()
      .describe('Where names of ENS are looked up; null where the chain has none'),
    positionCount: z.int(),
    pendingCount: z.int().describe('Keys that are found and not yet read'),
    isDiscovering: z.boolean().describe('Borrowers are still being searched for'),
    lastCycleAt: seconds.nullable(),
    lastCycleMs: z.int().nullable().describe('How long the last cycle took'),
    endpoints: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['unknown', 'healthy', 'failing']),
        head: integer.optional(),
        requestCount: z.int(),
        errorCount: z.int(),
        lastError: z.string().optional(),
      }),
    ),
  }),
)

const chainOf = (one: DaemonChain, nowMs: number, redact: (text: string) => string) => {
  const { chain, state } = one
  const { follower, chainConfig, failure, lastCycleAtMs, lastCycleDurationMs } = state
  const tracked = follower?.book.tracked ?? []
  const reason = staleness(one, nowMs)
  return {
    ...{ chainId: chain.id, label: chainConfig.label, follow: chainConfig.follow },
    status: reason === undefined ? 'green' : 'red',
    reason: reason === undefined ? null : redact(reason),
    failure: failure
      ? { since: Math.floor(failure.sinceMs / 1_000), stage: failure.stage, error: redact(failure.error) }
      : null,
    ensRegistry: chainConfig.ensRegistry ?? null,
    positionCount: positionCount(tracked),
    pendingCount: pendingCount(tracked),
    isDiscovering: tracked.some(isDiscovering),
    lastCycleAt: lastCycleAtMs === undefined ? null : Math.floor(lastCycleAtMs / 1_000),
    lastCycleMs: lastCycleDurationMs === undefined ? null : Math.round(lastCycleDurationMs),
    endpoints: chain.endpoints().map(({ name, state: how, head, requestCount, errorCount, lastError }) => ({
      ...{ name, state: how, head, requestCount, errorCount },
      ...(lastError === undefined ? {} : { lastError: redact(lastError) }),
    })),
  }
}

/** What the watcher found of itself and still holds. */
const unwellOf = ({ database, redact }: Tools) =>
  firingAlerts(database)
    .filter(({ rule }) => rule in SELF_CHECKS)
    .map(({ rule, severity, annotations, startsAt, activeAt }) => ({
      ...{ rule, severity, startsAt: startsAt ?? activeAt },
      summary: redact(annotations['summary'] ?? rule),
    }))

/** `status`: how the daemon does. Red, and then a 503, where anything that is told may be out of date. */
export const statusRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/status', tag: 'status', scope: 'read' },
  summary: 'Whether what is told is of now, and how the daemon does',
  description:
    'Red, and answered with 503, where what is told of any chain is older than its bound. Yellow where the daemon found something of itself that is not well.',
  answer: component(
    'Status',
    z.object({
      status: z.enum(['green', 'yellow', 'red']),
      version: z.string().describe('Of Plimsoll'),
      ...asOfShape,
      chains: z.array(chainStatus),
      problems: z.array(
        component(
          'WatcherProblem',
          z.object({
            rule: z.string(),
            severity: z.enum(SEVERITIES),
            startsAt: seconds,
            summary: z.string(),
          }),
        ),
      ),
      watchedCount: z.int(),
      historyDays: z.int(),
    }),
  ),
  otherStatuses: { 503: 'What is told is out of date' },
  run: (_ask, tools) => {
    const { daemon } = tools
    const now = daemon.nowMs()
    const known = asOf(daemon.chains, now)
    const problems = unwellOf(tools)
    const well = problems.length > 0 ? 'yellow' : 'green'
    return {
      status: known.stale ? 503 : 200,
      body: {
        status: known.stale ? 'red' : well,
        version: tools.version,
        ...known,
        unread: known.unread.map(({ chainId, reason }) => ({ chainId, reason: tools.redact(reason) })),
        chains: daemon.chains.map((one) => chainOf(one, now, tools.redact)),
        problems,
        watchedCount: daemon.watchList.accounts.length,
        historyDays: daemon.config.historyDays,
      },
    }
  },
})
