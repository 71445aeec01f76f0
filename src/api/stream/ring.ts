// The events of late, in the order in which they happened, for all who listen and for who was cut off and comes again.
import { randomBytes } from 'node:crypto'
import type { BlockRef } from '../../model/block.ts'
import { toJson } from '../../model/json.ts'
import type { About } from './filter.ts'

export const TOPICS = ['head', 'assessment', 'candidate', 'alert', 'status'] as const
export type Topic = (typeof TOPICS)[number]

/** An event as it goes out, made once for all: a block of a `text/event-stream`, and within it the JSON alone. */
export type Frame = { readonly sse: Buffer; readonly json: Buffer }

export type StreamEvent = {
  readonly sequence: number
  readonly topic: Topic
  readonly chainId: number
  readonly about: About
  frame(): Frame
}

/** `block` is null of what is of no block; `data` may be told as one that is only worked out where somebody wants it. */
export type News = {
  readonly topic: Topic
  readonly chainId: number
  readonly block: BlockRef | null
  readonly about: About
  readonly data: object | (() => object)
}

export type Ring = {
  publish(news: News): void
  /** The next event; undefined where there is none yet, `lost` where it is kept no longer. */
  after(sequence: number): StreamEvent | 'lost' | undefined
  /** The last event so far; 0 before the first. */
  newest(): number
  /** The first place from which nothing is lost. */
  oldestPlace(): number
  idOf(sequence: number): string
  /** The place that an id names; undefined where it is of another process. */
  placeOf(id: string): number | undefined
  /** A frame of what is no event: it says something of the stream itself, at a place. */
  control(topic: string, place: number, data: object): Frame
  /** How many there were so far, by topic. */
  counts(): Readonly<Record<Topic, number>>
  /** Listens for events, told once for many. */
  onPublished(listener: () => void): void
}

/** Bytes of an event that nobody has wanted yet, about. */
const UNMADE_BYTES = 3_000

type Body = {
  readonly id: string
  readonly topic: string
  readonly chainId: number | null
  readonly block: BlockRef | null
  readonly data: object | undefined
}

const frameOf = (topic: string, body: Body): Frame => {
  const head = `id: ${body.id}\nevent: ${topic}\ndata: `
  const sse = Buffer.from(`${head}${JSON.stringify(toJson(body))}\n\n`)
  return { sse, json: sse.subarray(head.length, sse.length - 2) }
}

/** Makes a frame when it is first asked for, and then keeps it and not what it was made of. */
const onceMade = (id: string, news: Omit<News, 'data'>, data: News['data']): StreamEvent['frame'] => {
  const { topic, chainId, block } = news
  let source: News['data'] | undefined = data
  let made: Frame | undefined
  return () => {
    made ??= frameOf(topic, {
      ...{ id, topic, chainId, block },
      data: typeof source === 'function' ? source() : source,
    })
    source = undefined
    return made
  }
}

/** A ring that keeps about so many bytes of events. Ids tell apart the processes that made them. */
export const createRing = (keptBytesMax: number, boot = randomBytes(4).toString('hex')): Ring => {
  const kept = new Map<number, { readonly event: StreamEvent; readonly bytes: number }>()
  const listeners: (() => void)[] = []
  let [oldest, newest, keptBytes] = [1, 0, 0]
  const counts: Record<Topic, number> = { head: 0, assessment: 0, candidate: 0, alert: 0, status: 0 }
  let isTelling = false
  const idOf = (sequence: number): string => `${boot}-${sequence}`
  const forget = (): void => {
    for (; keptBytes > keptBytesMax && oldest < newest; oldest++) {
      keptBytes -= kept.get(oldest)?.bytes ?? 0
      kept.delete(oldest)
    }
  }
  const tellLater = (): void => {
    if (isTelling) return
    isTelling = true
    setImmediate(() => {
      isTelling = false
      for (const listener of listeners) listener()
    })
  }
  return {
    publish: ({ data, ...news }) => {
      newest += 1
      counts[news.topic] += 1
      const frame = onceMade(idOf(newest), news, data)
      const bytes = typeof data === 'function' ? UNMADE_BYTES : frame().sse.length
      const { topic, chainId, about } = news
      kept.set(newest, { event: { sequence: newest, topic, chainId, about, frame }, bytes })
      keptBytes += bytes
      forget()
      tellLater()
    },
    after: (sequence) => (sequence + 1 < oldest ? 'lost' : kept.get(sequence + 1)?.event),
    newest: () => newest,
    oldestPlace: () => oldest - 1,
    idOf,
    placeOf: (id) => {
      const [process, sequence] = id.split('-')
      return process === boot ? Number(sequence) : undefined
    },
    control: (topic, place, data) =>
      frameOf(topic, { ...{ id: idOf(place), topic, chainId: null, block: null }, data }),
    counts: () => counts,
    onPublished: (listener) => {
      listeners.push(listener)
    },
  }
}
