// The stream as an iterator: events as they happen, gone on with after every cut.
import { createParser } from 'eventsource-parser'
import { type ClientOptions, eitherOf, send, unreachable } from './calling.ts'
import { errorOf, PlimsollError } from './error.ts'
import type { StreamEvent, StreamQuery } from './generated.ts'

export type StreamOptions = Omit<StreamQuery, 'after'> & {
  /** The id of the last event that is known; left out, the stream begins now. */
  readonly after?: string | undefined
  /** False: a cut ends the iterator instead of being mended. */
  readonly reconnects?: boolean | undefined
  /** Ends the iterator. */
  readonly signal?: AbortSignal | undefined
}

/** Waits after a cut: twice as long after each that follows without an event between. */
const WAIT_MS = 500
const WAIT_MS_MAX = 30_000

/** A connection that is silent for so many heartbeats is taken for cut; until the first event says how often they come, so many seconds. */
const SILENT_HEARTBEATS = 3
const SILENT_SECONDS = 60

/** Statuses that pass by themselves: too many streams, too many requests, a proxy whose server starts again. */
const isPassing = (error: unknown): boolean =>
  error instanceof PlimsollError &&
  (error.status === 0 || error.status === 429 || error.status === 502 || error.status === 503)

const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((done) => {
    if (signal?.aborted) return done()
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })

/** Aborts where nothing has come for a while. */
const createWatchdog = () => {
  const silent = new AbortController()
  let seconds = SILENT_SECONDS
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    signal: silent.signal,
    /** Something came; `heartbeatSeconds` where it says how often something does. */
    heard: (heartbeatSeconds?: number): void => {
      clearTimeout(timer)
      if (heartbeatSeconds !== undefined) seconds = heartbeatSeconds * SILENT_HEARTBEATS
      timer = setTimeout(() => silent.abort(), seconds * 1_000)
    },
    stop: (): void => clearTimeout(timer),
  }
}

/** One connection: its events until it is cut. Throws `PlimsollError`, or what the signal was aborted with. */
async function* connection(
  client: ClientOptions,
  { reconnects: _reconnects, signal, ...query }: StreamOptions,
): AsyncGenerator<StreamEvent> {
  const watchdog = createWatchdog()
  watchdog.heard()
  const response = await send(client, {
    ...{ method: 'GET', path: '/v1/stream', query },
    headers: { accept: 'text/event-stream' },
    signal: eitherOf(signal, watchdog.signal),
  })
  if (!response.ok || !response.body) throw errorOf(response, await response.text())
  const found: StreamEvent[] = []
  const parser = createParser({ onEvent: ({ data }) => found.push(JSON.parse(data)) })
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      watchdog.heard()
      parser.feed(decoder.decode(value, { stream: true }))
      for (const event of found.splice(0)) {
        if (event.topic === 'hello') watchdog.heard(event.data.heartbeatSeconds)
        yield event
      }
    }
  } finally {
    watchdog.stop()
    reader.cancel().catch(() => undefined)
  }
}

/** Why a connection ended, as the error that it is for whoever does not mend it. */
const cutBy = (error: unknown, { url }: ClientOptions): unknown =>
  error instanceof PlimsollError || error instanceof SyntaxError ? error : unreachable(url, error)

/**
 * Events as they happen. After a cut it goes on behind the last one: what was missed is told first, or a `reset` says what to read
 * again. `dropped` and `end` are told like any other event, and the connection is made anew. Ends with the signal. Throws
 * `PlimsollError` where the server refuses what is asked.
 */
export async function* streamOf(client: ClientOptions, options: StreamOptions): AsyncGenerator<StreamEvent> {
  const { reconnects = true } = options
  const signal = eitherOf(client.signal, options.signal)
  let { after } = options
  let cutCount = 0
  while (!signal?.aborted) {
    let waitMs = Math.min(WAIT_MS_MAX, WAIT_MS * 2 ** cutCount)
    try {
      for await (const event of connection(client, { ...options, after })) {
        after = event.id
        if (event.topic !== 'hello') cutCount = 0
        yield event
      }
      if (!reconnects) return
    } catch (cause) {
      if (signal?.aborted) return
      const error = cutBy(cause, client)
      if (!reconnects || !isPassing(error)) throw error
      if (error instanceof PlimsollError) waitMs = Math.max(waitMs, (error.retryAfterSeconds ?? 0) * 1_000)
    }
    cutCount += 1
    await sleep(waitMs, signal)
  }
}
