import { BaseError } from '../model/errors.ts'
import type { Header } from './chain.ts'
import type { Endpoint } from './endpoint.ts'
import type { Failover } from './failover.ts'
import { headerOf } from './header.ts'
import type { ChainLimits } from './limits.ts'
import { EndpointError } from './rpc-error.ts'

export class StaleHeadError extends BaseError {
  override readonly name = 'StaleHeadError'
  constructor(endpoint: string, what: string) {
    super(`${endpoint} lags behind: ${what}`, {
      remedy: 'Wait until the node has caught up, or list another endpoint first.',
    })
  }
}

export type HeadOptions = {
  readonly chainId: number
  readonly failover: Failover
  readonly limits: ChainLimits
  /** A head older than this is stale; undefined where age says nothing, as on a local chain. */
  readonly headAgeSecondsMax: number | undefined
  nowMs(): number
}

const checkAge = (endpoint: string, head: Header, { headAgeSecondsMax, nowMs }: HeadOptions): void => {
  if (headAgeSecondsMax === undefined) return
  const age = Math.floor(nowMs() / 1_000) - head.timestamp
  if (age > headAgeSecondsMax)
    throw new StaleHeadError(
      endpoint,
      `its head ${head.number} is ${age} s old, more than ${headAgeSecondsMax} s`,
    )
}

/** Reads heads, in one request each. An endpoint whose head is too old, or too far behind what another one showed, counts as failing. */
export const createHeadReader = (options: HeadOptions): (() => Promise<Header>) => {
  const { chainId, failover, limits } = options
  let highest: { readonly number: bigint; readonly endpoint: string } | undefined
  const readHead = async (endpoint: Endpoint): Promise<Header> => {
    const head = headerOf(chainId, await endpoint.request('eth_getBlockByNumber', ['latest', false]))
    if (!head)
      throw new EndpointError(endpoint.name, 'eth_getBlockByNumber', 'unreachable', 'it answered no block')
    endpoint.noteHead(head.number)
    checkAge(endpoint.name, head, options)
    const lag = highest && highest.endpoint !== endpoint.name ? highest.number - head.number : 0n
    if (lag > BigInt(limits.headLagBlocksMax))
      throw new StaleHeadError(
        endpoint.name,
        `its head ${head.number} is ${lag} blocks behind ${highest?.endpoint}`,
      )
    highest = { number: head.number, endpoint: endpoint.name }
    return head
  }
  return () => failover.use(readHead)
}

type Wake = { readonly wait: Promise<void>; stop(): void }

/** Waits for the poll interval, for a subscription's word, or for the signal, whichever is first. */
const createWaker = (signal: AbortSignal) => {
  let wake = (): void => undefined
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  return {
    wake: () => wake(),
    sleep: (ms: number): Wake => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const wait = new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, ms)
        if (signal.aborted) resolve()
      })
      return { wait, stop: () => clearTimeout(timer) }
    },
    close: () => signal.removeEventListener('abort', onAbort),
  }
}

/** Keeps a subscription to the first endpoint if it is a WebSocket; answers how to end it, or undefined. */
const subscribe = async (
  { failover }: HeadOptions,
  onHead: () => void,
  onEnd: () => void,
): Promise<(() => void) | undefined> => {
  const first = failover.endpoints.find(({ failureCount }) => failureCount === 0)
  if (!first?.isWebSocket) return undefined
  return first.subscribeHeads(onHead, onEnd).catch(() => undefined)
}

/** The part of an interval after which it is polled again where a head is due. */
const SOON_PARTS = 8

/**
 * How long to wait until the next poll, after so many that found nothing new. With an interval of a block's time, blocks are
 * found soon after they come about instead of half an interval later, by about two polls each.
 */
const pollPauseMs = (intervalMs: number, idleCount: number): number => {
  const soonMs = intervalMs / SOON_PARTS
  return idleCount === 0 ? intervalMs - soonMs : Math.min(intervalMs, soonMs * 2 ** (idleCount - 1))
}

/**
 * New heads until the signal aborts: announced by subscription where the preferred endpoint is a WebSocket, else found
 * by polling; polling goes on slowly beside a subscription, which can die in silence. Only the newest head is answered,
 * and only when it is another block than the last one.
 */
export async function* followHeads(
  readHead: () => Promise<Header>,
  options: HeadOptions & { readonly pollIntervalMs: number },
  signal: AbortSignal,
  onError: (error: unknown) => void,
): AsyncGenerator<Header> {
  const waker = createWaker(signal)
  let last: string | undefined
  let idleCount = 0
  let unsubscribe: (() => void) | undefined
  try {
    while (!signal.aborted) {
      try {
        const head = await readHead()
        idleCount += 1
        if (head.hash !== last && !signal.aborted) {
          last = head.hash
          idleCount = 0
          yield head
        }
      } catch (error) {
        // Who does not answer is asked no sooner for it.
        idleCount = SOON_PARTS
        onError(error)
      }
      if (signal.aborted) break
      unsubscribe ??= await subscribe(options, waker.wake, () => {
        unsubscribe = undefined
        waker.wake()
      })
      const { wait, stop } = waker.sleep(
        unsubscribe ? options.pollIntervalMs * 5 : pollPauseMs(options.pollIntervalMs, idleCount),
      )
      await wait
      stop()
    }
  } finally {
    unsubscribe?.()
    waker.close()
  }
}
