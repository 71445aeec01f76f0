// `plimsoll/client`: the HTTP API of a daemon, typed, for Node and browsers.
import {
  type CallOptions,
  type ClientOptions,
  createAsk,
  type Endpoint,
  sendForFile,
  textOf,
} from './calling.ts'
import { type Api, endpoints, type StreamEvent } from './generated.ts'
import { type StreamOptions, streamOf } from './stream.ts'

export type { CallOptions, ClientOptions, Text } from './calling.ts'
export { PlimsollError, type RequestFault } from './error.ts'
export type * from './generated.ts'
export { paged } from './paged.ts'
export type { StreamOptions } from './stream.ts'

export type Client = Api & {
  /**
   * Events as they happen, until the signal aborts or the loop over them ends. After a cut it goes on behind the last event. Throws
   * `PlimsollError` where the server refuses what is asked.
   */
  stream(options?: StreamOptions): AsyncGenerator<StreamEvent>
}

type Call = (...args: readonly unknown[]) => Promise<unknown>

/** A method: the parts of its path, then what it takes, then options. */
const callOf = (
  client: ClientOptions,
  ask: ReturnType<typeof createAsk>,
  { method, path, takes, answers, statuses }: Endpoint,
): Call => {
  const partCount = path.split('{').length - 1
  return async (...args) => {
    const parts = args.slice(0, partCount)
    const [given, options] = takes === 'none' ? [undefined, args[partCount]] : args.slice(partCount)
    const filled = parts.reduce<string>(
      (text, part) => text.replace(/\{\w+\}/, () => encodeURIComponent(textOf(part))),
      path,
    )
    const { signal } = (options ?? {}) as CallOptions
    const asked = takes === 'body' ? { body: given ?? {} } : { query: given as Record<string, unknown> }
    const asking = { method, path: filled, signal, ...asked }
    return answers === 'file' ? sendForFile(client, asking) : ask(asking, statuses)
  }
}

/**
 * A client of one daemon. Its methods are those of the API, by name; each answers what the document says, and throws
 * `PlimsollError` where the server refuses or cannot be reached.
 */
export const createClient = (options: ClientOptions): Client => {
  const ask = createAsk(options)
  const calls = Object.entries(endpoints).map(
    ([name, endpoint]) => [name, callOf(options, ask, endpoint)] as const,
  )
  return {
    ...(Object.fromEntries(calls) as unknown as Api),
    stream: (asked = {}) => streamOf(options, asked),
  }
}
