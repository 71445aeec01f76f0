// Who listens: each at a place of the ring, told as fast as it takes what it is told, and dropped where that is too slow.
import type { ServerConfig } from '../../app/config/server.ts'
import type { Frame, Ring, StreamEvent } from './ring.ts'

/** A client takes so many bytes ahead of what its connection has taken: the rest waits in the ring. */
export const ROOM_BYTES = 65_536

/** A connection that is ended closes by itself, or is closed after so long. */
const GOODBYE_MS = 1_000

/** Why a client is dropped. */
const DROPS = {
  behind: 'it is further behind than events are kept: read the lists again, and resume from there',
  stalled: 'it has taken nothing for too long',
} as const
export type Drop = keyof typeof DROPS

/** A connection to a client, of whatever kind. */
export type Transport = {
  /** Whether it takes more now. Where it does not, `onRoom` of its `Member` is called once it does. */
  hasRoom(): boolean
  write(frame: Frame): void
  /** Shows that both are there though nothing happens. */
  beat(): void
  /** Ends it behind what was written. */
  end(why: { readonly isOurs: boolean; readonly reason: string }): void
  /** Cuts it. */
  destroy(): void
}

/** What a connection tells of itself. */
export type Member = { onRoom(): void; leave(): void }

export type Joining = {
  readonly transport: Transport
  /** Events behind this place. */
  readonly from: number
  /** What is told before. */
  readonly first: readonly Frame[]
  wants(event: StreamEvent): boolean
}

type Client = Pick<Joining, 'transport' | 'wants'> & {
  place: number
  /** Since when it takes nothing; undefined while it has room. */
  blockedSinceMs: number | undefined
  beatAtMs: number
}

export type Hub = {
  isFull(): boolean
  clientCount(): number
  dropCounts(): Readonly<Record<Drop, number>>
  join(joining: Joining): Member
  /** Looks after clients: heartbeats, and whether they still take anything. To be called every second or so. */
  tick(): void
  /** Ends all, and lets nobody in any more. */
  close(reason: string): void
}

export type HubOptions = {
  readonly ring: Ring
  readonly limits: Pick<ServerConfig['stream'], 'clientsMax' | 'heartbeatSeconds' | 'stallSecondsMax'>
  nowMs(): number
}

type State = Pick<HubOptions, 'ring' | 'nowMs'> & {
  readonly clients: Set<Client>
  readonly drops: Record<Drop, number>
}

const end = ({ clients, ring }: State, client: Client, topic: 'dropped' | 'end', reason: string): void => {
  const { transport, place } = client
  clients.delete(client)
  transport.write(ring.control(topic, place, { reason }))
  transport.end({ isOurs: topic === 'end', reason })
  setTimeout(transport.destroy, GOODBYE_MS).unref()
}

const drop = (state: State, client: Client, why: Drop): void => {
  state.drops[why] += 1
  end(state, client, 'dropped', DROPS[why])
}

/** Tells a client what it takes now. */
const pump = (state: State, client: Client): void => {
  const { clients, ring, nowMs } = state
  const { transport } = client
  let hasWritten = false
  while (clients.has(client) && transport.hasRoom()) {
    const event = ring.after(client.place)
    if (event === 'lost') drop(state, client, 'behind')
    if (event === 'lost' || !event) break
    client.place = event.sequence
    if (!client.wants(event)) continue
    transport.write(event.frame())
    hasWritten = true
  }
  if (!clients.has(client)) return
  if (transport.hasRoom()) client.blockedSinceMs = undefined
  else if (hasWritten || client.blockedSinceMs === undefined) client.blockedSinceMs = nowMs()
  if (ring.after(client.place) === 'lost') drop(state, client, 'behind')
}

/** The hub of a ring. */
export const createHub = ({ ring, limits, nowMs }: HubOptions): Hub => {
  const clients = new Set<Client>()
  const state: State = { ring, nowMs, clients, drops: { behind: 0, stalled: 0 } }
  let isClosed = false
  ring.onPublished(() => {
    for (const client of clients) pump(state, client)
  })
  const look = (client: Client, now: number): void => {
    const { blockedSinceMs, transport } = client
    const isStalled = blockedSinceMs !== undefined && now - blockedSinceMs > limits.stallSecondsMax * 1_000
    const isBeatDue = now - client.beatAtMs >= limits.heartbeatSeconds * 1_000 && transport.hasRoom()
    if (isBeatDue) {
      client.beatAtMs = now
      transport.beat()
    }
    if (isStalled) drop(state, client, 'stalled')
  }
  return {
    isFull: () => isClosed || clients.size >= limits.clientsMax,
    clientCount: () => clients.size,
    dropCounts: () => state.drops,
    join: ({ transport, from, first, wants }) => {
      const client: Client = {
        ...{ transport, wants, place: from, blockedSinceMs: undefined, beatAtMs: nowMs() },
      }
      clients.add(client)
      for (const frame of first) transport.write(frame)
      pump(state, client)
      return {
        onRoom: () => {
          if (clients.has(client)) pump(state, client)
        },
        leave: () => {
          clients.delete(client)
        },
      }
    },
    tick: () => {
      const now = nowMs()
      for (const client of clients) look(client, now)
    },
    close: (reason) => {
      isClosed = true
      for (const client of clients) end(state, client, 'end', reason)
    },
  }
}
