// One request and its answer.
import { errorOf, PlimsollError } from './error.ts'

type Word = string | number | bigint

/** What a parameter takes; of several, the words with commas between. */
export type Text = Word | readonly Word[]

export type CallOptions = {
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined
}

/** How an operation is asked: `takes` says what follows the parts of its path; a `file` is given as it comes; `statuses` are those of its answers. */
export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly takes: 'query' | 'body' | 'none'
  readonly answers: 'json' | 'file'
  readonly statuses: readonly number[]
}

export type ClientOptions = {
  /** Where the daemon serves, such as http://127.0.0.1:4160; empty for a page that it serves itself. */
  readonly url: string
  /** Of the section `server` of its configuration, where that has any. */
  readonly token?: string | undefined
  /** Left out: the platform's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Gives up everything that the client has under way, streams too. */
  readonly signal?: AbortSignal | undefined
  /**
   * Answers that rest on what has not changed are not sent again: the one that is known is given, and its `ageSeconds` are those of
   * when it came. Left out, nothing is kept.
   */
  readonly reuse?: boolean | undefined
}

/** What goes with a request. */
export type Asking = {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** One value of a query or a path as text. */
export const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value))

const searchOf = (query: Asking['query'] = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, textOf(value)]))
  return given.length === 0 ? '' : `?${search}`
}

/** Both signals, or the one that there is. */
export const eitherOf = (
  ...signals: readonly (AbortSignal | null | undefined)[]
): AbortSignal | undefined => {
  const given = signals.filter((signal) => signal !== undefined && signal !== null)
  return given.length > 1 ? AbortSignal.any(given) : given[0]
}

/** Sends a request. Throws `PlimsollError` where nothing answers, and what the signal was aborted with. */
export const send = async (
  { url, token, fetch = globalThis.fetch, signal: ours }: ClientOptions,
  { method, path, query, body, headers = {}, signal: theirs }: Asking,
): Promise<Response> => {
  const signal = eitherOf(ours, theirs)
  try {
    return await fetch(`${url.replace(/\/+$/, '')}${path}${searchOf(query)}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body, jsonWord) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw unreachable(url, error)
  }
}

const jsonWord = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value

/** The failure of a request that nobody answered, or whose answer broke off. */
export const unreachable = (url: string, cause: unknown): PlimsollError =>
  new PlimsollError({
    ...{ kind: 'unreachable', status: 0, detail: `${url || 'the server'} does not answer`, cause },
    remedy: 'Is the daemon running, and is server.host and server.port of its configuration what is asked?',
  })

/** Answers by address, with what names their state; the oldest go first. */
type Kept = Map<string, { readonly etag: string; readonly answer: unknown }>

const KEPT_MAX = 64

const keep = (kept: Kept, key: string, etag: string | null, answer: unknown): void => {
  if (etag === null) return
  kept.delete(key)
  kept.set(key, { etag, answer })
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
}

/** Asks for a file: the response, its body still to be read. Throws `PlimsollError` where the server refuses or does not answer. */
export const sendForFile = async (options: ClientOptions, asking: Asking): Promise<Response> => {
  const response = await send(options, asking)
  if (response.ok) return response
  throw errorOf(response, await response.text())
}

/** Asks for JSON, which comes with one of some statuses. Throws `PlimsollError` where the server refuses or does not answer. */
export const createAsk = (options: ClientOptions) => {
  const kept: Kept = new Map()
  return async (asking: Asking, statuses: readonly number[]): Promise<unknown> => {
    const key = `${asking.method} ${asking.path}${searchOf(asking.query)}`
    const known = options.reuse ? kept.get(key) : undefined
    const response = await send(options, {
      ...asking,
      headers: { accept: 'application/json', ...(known ? { 'if-none-match': known.etag } : {}) },
    })
    if (response.status === 304 && known) return known.answer
    const text = await response.text().catch((error: unknown) => {
      eitherOf(options.signal, asking.signal)?.throwIfAborted()
      throw unreachable(options.url, error)
    })
    const isJson = /^application\/json\b/.test(response.headers.get('content-type') ?? '')
    if (!isJson || !statuses.includes(response.status)) throw errorOf(response, text)
    const answer: unknown = JSON.parse(text)
    if (options.reuse) keep(kept, key, response.headers.get('etag'), answer)
    return answer
  }
}
