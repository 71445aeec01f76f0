// Clients of the stream: they keep every event that came.
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { until } from './until.ts'

export type Told = {
  readonly id: string
  readonly topic: string
  readonly chainId: number | null
  readonly block: { readonly number: string; readonly hash: string } | null
  readonly data: ReturnType<typeof JSON.parse>
}

export type Listener = {
  readonly events: readonly Told[]
  /** The first event of a topic, from the n-th event on, that is as is told. */
  next(topic: string, holds?: (event: Told) => boolean, from?: number): Promise<Told>
  /** Whether the server has ended it, and with which code of a WebSocket. */
  ended(): number | undefined
  close(): void
}

const nextIn =
  (events: readonly Told[]): Listener['next'] =>
  async (topic, holds = () => true, from = 0) => {
    const find = () => events.slice(from).find((event) => event.topic === topic && holds(event))
    await until(`an event ${topic} comes`, () => find() !== undefined)
    return find() as Told
  }

/** Blocks of a text of server-sent events, as fields; those without an event are let by. */
const fieldsOf = (block: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    block.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )

export type SseListener = Listener & { readonly headers: Headers; beatCount(): number }

/** Listens to server-sent events. Throws where the server does not answer with them. */
export const listen = async (
  url: string,
  query: string,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SseListener> => {
  const ending = new AbortController()
  const response = await fetch(`${url}/v1/stream?${query}`, {
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip', ...headers },
    signal: ending.signal,
  })
  if (response.status !== 200 || !response.body)
    throw new Error(`${response.status}: ${await response.text()}`)
  const events: Told[] = []
  let [beats, end]: [number, number | undefined] = [0, undefined]
  const take = (block: string): void => {
    const { id, event, data } = fieldsOf(block)
    if (block === ':') beats += 1
    if (data === undefined) return
    const told: Told = JSON.parse(data)
    if (told.id !== id || told.topic !== event) throw new Error(`an event is not what it says: ${block}`)
    events.push(told)
  }
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) take(block)
    }
  }
  void read(response.body)
    .catch((error) => {
      if (!ending.signal.aborted) throw error
    })
    .finally(() => {
      end = 0
    })
  return {
    ...{ events, headers: response.headers, next: nextIn(events), beatCount: () => beats },
    ended: () => end,
    close: () => ending.abort(),
  }
}

/** Listens over a WebSocket. Throws where the server refuses it, with what it says. */
export const listenOver = (
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<Listener> =>
  new Promise((done, fail) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/stream?${query}`, { headers })
    const events: Told[] = []
    let end: number | undefined
    socket.on('message', (text) => events.push(JSON.parse(String(text))))
    socket.on('close', (code) => {
      end = code
    })
    socket.on('error', fail)
    socket.on('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => fail(new Error(`${response.statusCode}: ${text}`)))
    })
    socket.on('open', () =>
      done({ events, next: nextIn(events), ended: () => end, close: () => socket.terminate() }),
    )
  })

/** A client that asks for the stream and takes nothing of the answer. */
export const askAndTakeNothing = (url: string, query: string, token: string): Promise<Socket> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(url)
    const head = `GET /v1/stream?${query} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n\r\n`
    const socket = connect(Number(port), hostname, () => {
      socket.write(head)
      done(socket)
    })
    socket.on('error', fail)
    socket.pause()
  })
