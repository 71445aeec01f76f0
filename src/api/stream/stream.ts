// `/v1/stream`: a ring of events, who listens, and what is put into it.
import type { Face } from '../../app/face.ts'
import { ProblemError } from '../problem.ts'
import { asOf } from '../reading/chains.ts'
import type { Connection } from '../route.ts'
import { type StreamQuery, wants } from './filter.ts'
import { createHub, type Hub, type Member, type Transport } from './hub.ts'
import { createRing, type Frame, type Ring, TOPICS, type Topic } from './ring.ts'
import { eventStream } from './sse.ts'
import { createTelling, type StreamTools } from './telling.ts'
import { streamOver } from './web-socket.ts'

const TICK_MS = 1_000

/** What a client that lost events of a topic reads again. */
const LISTS: Readonly<Record<Topic, string>> = {
  head: '/v1/status',
  status: '/v1/status',
  assessment: '/v1/positions',
  candidate: '/v1/candidates',
  alert: '/v1/alerts',
}

export type Opening = {
  readonly query: StreamQuery
  /** The id of the last event that the client has; undefined for what happens from now on. */
  readonly after: string | undefined
  readonly connection: Connection
}

export type Stream = Pick<Face, 'onFollowEvent' | 'onAlerts'> &
  Pick<Hub, 'clientCount' | 'dropCounts'> & {
    /** How many events were made, by topic. */
    eventCounts(): Readonly<Record<Topic, number>>
    /** Begins a stream. Throws `ProblemError` where there are too many. */
    open(opening: Opening): Response
    close(): void
  }

type Start = { readonly from: number; readonly first: readonly Frame[] }

const lost = (
  ring: Ring,
  after: string,
): { readonly reason: 'restarted' | 'too-old' | 'unknown'; readonly detail: string } | undefined => {
  const place = ring.placeOf(after)
  if (place === undefined)
    return { reason: 'restarted', detail: `${after} is of another run of the daemon: events since are lost` }
  if (place < ring.oldestPlace())
    return { reason: 'too-old', detail: `events after ${after} are kept no longer: some of them are lost` }
  return place > ring.newest()
    ? { reason: 'unknown', detail: `there was no event ${after} yet: some may be lost` }
    : undefined
}

/** Where a client begins, and what it is told first: the greeting, and that events were lost where they were. */
const startOf = (ring: Ring, { query, after }: Opening, tools: StreamTools): Start => {
  const { daemon, server } = tools
  const loss = after === undefined ? undefined : lost(ring, after)
  const isResumed = after !== undefined && !loss
  const from = isResumed ? (ring.placeOf(after) ?? ring.newest()) : ring.newest()
  const chains = daemon.chains.filter(({ chain }) => query.chain === undefined || chain.id === query.chain)
  const { blocks, stale, unread } = asOf(chains, daemon.nowMs())
  const hello = ring.control('hello', from, {
    ...{ topics: TOPICS.filter((topic) => query.topics.has(topic)), resumedAfter: isResumed ? after : null },
    ...{
      blocks,
      stale,
      unread: unread.map(({ chainId, reason }) => ({ chainId, reason: tools.redact(reason) })),
    },
    heartbeatSeconds: server.stream.heartbeatSeconds,
  })
  if (!loss) return { from, first: [hello] }
  const lists = [...new Set([...query.topics].map((topic) => LISTS[topic]))]
  return { from, first: [hello, ring.control('reset', from, { ...loss, lists })] }
}

/** The stream of a daemon, which is told what the daemon tells faces. */
export const createStream = (tools: StreamTools): Stream => {
  const { daemon, server } = tools
  const ring = createRing(server.stream.keptBytesMax)
  const hub = createHub({ ring, limits: server.stream, nowMs: daemon.nowMs })
  let watched: ReadonlySet<string> = new Set(daemon.watchList.accounts)
  daemon.watchList.onChange(() => {
    watched = new Set(daemon.watchList.accounts)
  })
  const isWatched = (owner: string): boolean => watched.has(owner)
  const telling = createTelling({ tools, ring, isHeard: () => hub.clientCount() > 0, isWatched })
  const timer = setInterval(() => {
    telling.tick()
    hub.tick()
  }, TICK_MS)
  timer.unref()
  return {
    ...telling,
    clientCount: hub.clientCount,
    dropCounts: hub.dropCounts,
    eventCounts: ring.counts,
    open: (opening) => {
      if (hub.isFull())
        throw new ProblemError('unavailable', `${server.stream.clientsMax} streams are open already`, {
          remedy: 'Close one, or raise server.stream.clientsMax.',
          headers: { 'retry-after': '5' },
        })
      const join = (transport: Transport): Member =>
        hub.join({ transport, ...startOf(ring, opening, tools), wants: wants(opening.query, isWatched) })
      const { upgrade, destroy } = opening.connection
      if (!upgrade) return eventStream(join, destroy)
      upgrade((socket) => streamOver(socket, join))
      return new Response()
    },
    close: () => {
      clearInterval(timer)
      telling.close()
      hub.close('the daemon stops')
    },
  }
}
