import { BaseError, messageOf } from '../model/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { FOREGROUND, type Lane } from './gate.ts'
import type { ChainLimits } from './limits.ts'
import { EndpointError, kindOf } from './rpc-error.ts'
import { sleep } from './sleep.ts'

export class NoEndpointError extends BaseError {
  override readonly name = 'NoEndpointError'
  readonly causes: readonly unknown[]
  constructor(chainId: number, causes: readonly unknown[]) {
    const reasons = causes.length === 0 ? 'none is configured' : causes.map(messageOf).join('; ')
    super(`no endpoint of chain ${chainId} answers: ${reasons}`, {
      remedy: 'Check the addresses under rpc with "plimsoll doctor", or list another one.',
    })
    this.causes = causes
  }
}

/** True where every endpoint was asked and none answered in time. */
export const isTimedOut = (error: unknown): boolean =>
  error instanceof NoEndpointError &&
  error.causes.length > 0 &&
  error.causes.every((cause) => kindOf(cause) === 'timeout')

/** How one request is made. */
export type UseOptions = {
  /** Errors that are not the endpoint's own fault: thrown at once. */
  isFinal?(error: unknown): boolean
  /** Whose request it is; the foreground's unless told. */
  readonly lane?: Lane
}

/** Requests to endpoints in order of preference, each failure moving on to the next. */
export type Failover = {
  /**
   * Tries `use` on one endpoint after the other until one succeeds; where that may pass, all are tried again after a
   * while. Throws `NoEndpointError` with every reason when all failed, and the lane's reason when that
   * gives up.
   */
  use<T>(use: (endpoint: Endpoint) => Promise<T>, options?: UseOptions): Promise<T>
  readonly endpoints: readonly Endpoint[]
}

const restsUntilMs = ({ retryAtMs, gate }: Endpoint): number => Math.max(retryAtMs, gate.pausedUntilMs())

/** How long who asks puts up with being put off. */
const createPatience = (endpoints: readonly Endpoint[], limits: ChainLimits, nowMs: () => number) => {
  /** A cycle does not wait for an endpoint that asked for longer than an answer takes. */
  const checkPause = ({ name, gate }: Endpoint, { isBackground }: Lane): void => {
    const ms = gate.pausedUntilMs() - nowMs()
    if (isBackground || ms <= limits.requestTimeoutMs) return
    const detail = `it asked for ${Math.ceil(ms / 1_000)} s more without requests`
    throw new EndpointError(name, 'everything', 'rate-limited', detail)
  }
  /**
   * How long to wait before all are asked again; undefined where that is not worth it. A cycle waits for an endpoint that
   * put it off, but no longer than for an answer: beyond, it is an outage, which is told. A bootstrap waits for whatever
   * may pass, but not for an answer that took too long: it asks for less.
   */
  const waitMs = (causes: readonly unknown[], { isBackground }: Lane): number | undefined => {
    const mayPass = causes.some((cause) => {
      const kind = kindOf(cause)
      return kind === 'rate-limited' || (isBackground && kind === 'unreachable')
    })
    const ms = Math.max(0, Math.min(...endpoints.map(restsUntilMs)) - nowMs())
    return mayPass && (isBackground || ms <= limits.requestTimeoutMs) ? ms : undefined
  }
  return { checkPause, waitMs }
}

/** Failed endpoints rest for a growing while; where all rest, all are tried anyway, so that an outage ends as soon as it can. */
export const createFailover = (
  chainId: number,
  endpoints: readonly Endpoint[],
  limits: ChainLimits,
  nowMs: () => number,
): Failover => {
  const { checkPause, waitMs } = createPatience(endpoints, limits, nowMs)
  const candidates = (): readonly Endpoint[] => {
    const rested = endpoints.filter((endpoint) => restsUntilMs(endpoint) <= nowMs())
    const resting = endpoints.filter((endpoint) => !rested.includes(endpoint))
    return [...rested, ...resting]
  }
  const noteFailure = (endpoint: Endpoint, error: unknown): void => {
    endpoint.failureCount += 1
    const backoff = limits.endpointBackoffMsMin * 2 ** Math.min(endpoint.failureCount - 1, 16)
    endpoint.retryAtMs = nowMs() + Math.min(backoff, limits.endpointBackoffMsMax)
    endpoint.noteFailure(error)
  }
  /** One round over all endpoints; answers why none succeeded. */
  const tryAll = async <T>(
    use: (endpoint: Endpoint) => Promise<T>,
    isFinal: (error: unknown) => boolean,
    lane: Lane,
  ): Promise<{ readonly result: T } | { readonly causes: readonly unknown[] }> => {
    const causes: unknown[] = []
    for (const endpoint of candidates()) {
      try {
        checkPause(endpoint, lane)
        const result = await endpoint.gate.pass(lane, () => use(endpoint))
        endpoint.failureCount = 0
        endpoint.retryAtMs = 0
        return { result }
      } catch (error) {
        lane.signal?.throwIfAborted()
        if (isFinal(error)) throw error
        const kind = kindOf(error)
        if (kind === undefined || kind === 'unreachable' || kind === 'timeout') noteFailure(endpoint, error)
        causes.push(error)
      }
    }
    return { causes }
  }
  return {
    endpoints,
    use: async (use, { isFinal = () => false, lane = FOREGROUND } = {}) => {
      for (let attempt = 1; ; attempt++) {
        const outcome = await tryAll(use, isFinal, lane)
        if ('result' in outcome) return outcome.result
        const ms = waitMs(outcome.causes, lane)
        if (attempt >= limits.attemptsMax || ms === undefined)
          throw new NoEndpointError(chainId, outcome.causes)
        await sleep(ms, lane.signal)
      }
    },
  }
}
