import { createClient, http, webSocket } from 'viem'
import { BaseError } from '../model/errors.ts'
import type { EndpointStatus } from './chain.ts'
import { createGate, type Gate, type Overload } from './gate.ts'
import type { ChainLimits } from './limits.ts'
import {
  codeOf,
  EndpointError,
  refusalOf,
  retryAfterMsOf,
  revertDataOf,
  safeDetail,
  statusOf,
} from './rpc-error.ts'

export class WrongChainIdError extends BaseError {
  override readonly name = 'WrongChainIdError'
  constructor(endpoint: string, expected: number, actual: number) {
    super(`${endpoint} serves chain ${actual}, not chain ${expected}`, {
      remedy: 'Correct the chain’s id or its rpc addresses in the configuration.',
    })
  }
}

/** One RPC endpoint. Requests prove the chain id first, once per connection that works. */
export type Endpoint = {
  /** Scheme and host only. */
  readonly name: string
  readonly isWebSocket: boolean
  /** Bounds the requests under way; whoever asks passes it. */
  readonly gate: Gate
  request(method: string, params: readonly unknown[]): Promise<unknown>
  /** Calls back with every new head's announcement; answers how to stop. WebSocket only. */
  subscribeHeads(onHead: () => void, onError: (error: unknown) => void): Promise<() => void>
  /** When it may be tried again, in milliseconds of the injected clock; 0 when it never failed or works again. */
  retryAtMs: number
  failureCount: number
  status(): EndpointStatus
  noteHead(number: bigint): void
  noteFailure(error: unknown): void
  close(): void
}

const nameOf = (url: string): string => {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

type State = {
  readonly methods: Map<string, { requestCount: number; errorCount: number }>
  requestCount: number
  errorCount: number
  head?: bigint
  lastError?: string
  isProven: boolean
}

/** What viem's WebSocket transport has beyond what its client's type says. */
type SocketTransport = {
  subscribe(options: object): Promise<{ unsubscribe(): Promise<unknown> }>
  getRpcClient(): Promise<{ close(): void }>
}

const subscribeNewHeads = async (
  transport: unknown,
  onHead: () => void,
  onError: (error: unknown) => void,
): Promise<() => void> => {
  const { subscribe } = transport as SocketTransport
  const { unsubscribe } = await subscribe({ params: ['newHeads'], onData: onHead, onError })
  return () => void unsubscribe().catch(() => undefined)
}

const closeSocket = (transport: unknown): void => {
  const ignore = (): void => undefined
  ;(transport as SocketTransport).getRpcClient().then((socket) => socket.close(), ignore)
}

const eitherOf = (one: AbortSignal | null | undefined, other: AbortSignal): AbortSignal =>
  one ? AbortSignal.any([one, other]) : other

export type EndpointOptions = {
  readonly url: string
  readonly chainId: number
  readonly limits: ChainLimits
  nowMs(): number
  onOverload(endpoint: string, overload: Overload): void
}

const gateOf = (name: string, { limits, nowMs, onOverload }: EndpointOptions): Gate =>
  createGate({
    requestsInFlightMax: limits.requestsInFlightMax,
    backoffMsMin: limits.endpointBackoffMsMin,
    backoffMsMax: limits.endpointBackoffMsMax,
    nowMs,
    onOverload: (overload) => onOverload(name, overload),
  })

const transportOf = (url: string, timeout: number, closed: AbortSignal) =>
  url.startsWith('ws')
    ? webSocket(url, { retryCount: 0, timeout, reconnect: { attempts: 3, delay: 500 } })
    : http(url, {
        ...{ retryCount: 0, timeout, fetchOptions: {} },
        fetchFn: (input, init) => fetch(input, { ...init, signal: eitherOf(init?.signal, closed) }),
      })

/** Sends requests, counted, and proves the chain id once for all that wait for that. */
const createSender = (
  client: ReturnType<typeof createClient>,
  name: string,
  state: State,
  { chainId, nowMs }: EndpointOptions,
) => {
  const send = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    state.requestCount += 1
    const counts = state.methods.get(method) ?? { requestCount: 0, errorCount: 0 }
    state.methods.set(method, counts)
    counts.requestCount += 1
    try {
      return await client.request({ method, params } as never, { dedupe: false })
    } catch (error) {
      counts.errorCount += 1
      const detail = safeDetail(error)
      const refusal = refusalOf(detail, codeOf(error))
      const status = statusOf(error)
      const said = status === undefined ? detail : `HTTP ${status}, ${detail}`
      const retryAfterMs = retryAfterMsOf(error, nowMs())
      throw new EndpointError(name, method, refusal, said, { retryAfterMs, revertData: revertDataOf(error) })
    }
  }
  const proveOnce = async (): Promise<void> => {
    const actual = Number(await send('eth_chainId', []))
    if (actual !== chainId) throw new WrongChainIdError(name, chainId, actual)
    state.isProven = true
  }
  let proving: Promise<void> | undefined
  const prove = async (): Promise<void> => {
    if (state.isProven) return
    proving ??= proveOnce().finally(() => {
      proving = undefined
    })
    return proving
  }
  return { send, prove }
}

/** Makes an endpoint of an http(s) or ws(s) address. Nothing is sent before the first request. */
export const createEndpoint = (options: EndpointOptions): Endpoint => {
  const { url, limits } = options
  const name = nameOf(url)
  const isWebSocket = url.startsWith('ws')
  const closed = new AbortController()
  const client = createClient({ transport: transportOf(url, limits.requestTimeoutMs, closed.signal) })
  const gate = gateOf(name, options)
  const state: State = { methods: new Map(), requestCount: 0, errorCount: 0, isProven: false }
  const { send, prove } = createSender(client, name, state, options)

  const endpoint: Endpoint = {
    name,
    isWebSocket,
    gate,
    retryAtMs: 0,
    failureCount: 0,
    request: async (method, params) => {
      await prove()
      return send(method, params)
    },
    subscribeHeads: async (onHead, onError) => {
      await prove()
      return subscribeNewHeads(client.transport, onHead, onError)
    },
    status: () => ({
      name,
      state:
        state.isProven && endpoint.retryAtMs === 0
          ? 'healthy'
          : endpoint.failureCount > 0
            ? 'failing'
            : 'unknown',
      requestCount: state.requestCount,
      errorCount: state.errorCount,
      methods: [...state.methods].map(([method, counts]) => ({ method, ...counts })),
      ...gate.status(),
      ...(state.head === undefined ? {} : { head: state.head }),
      ...(state.lastError === undefined ? {} : { lastError: state.lastError }),
    }),
    noteHead: (number) => {
      state.head = number
    },
    noteFailure: (error) => {
      state.errorCount += 1
      state.lastError = safeDetail(error)
      state.isProven = false
    },
    close: () => {
      closed.abort()
      if (isWebSocket) closeSocket(client.transport)
    },
  }
  return endpoint
}
