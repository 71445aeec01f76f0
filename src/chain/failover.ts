import { BaseError, messageOf } from '../model/errors.ts'
import type { Endpoint } from './endpoint.ts'
import type { ChainLimits } from './limits.ts'
import { EndpointError } from './rpc-error.ts'

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

/** Requests to endpoints in order of preference, each failure moving on to the next. */
export type Failover = {
  /**
   * Tries `use` on one endpoint after the other until one succeeds. Errors that are not the endpoint's own fault, as
   * `isFinal` says, are thrown at once. Throws `NoEndpointError` with every reason when all failed.
   */
  use<T>(use: (endpoint: Endpoint) => Promise<T>, isFinal?: (error: unknown) => boolean): Promise<T>
  readonly endpoints: readonly Endpoint[]
}

/** Failed endpoints rest for a growing while; where all rest, all are tried anyway, so that an outage ends as soon as it can. */
export const createFailover = (
  chainId: number,
  endpoints: readonly Endpoint[],
  limits: ChainLimits,
  nowMs: () => number,
): Failover => {
  const candidates = (): readonly Endpoint[] => {
    const rested = endpoints.filter(({ retryAtMs }) => retryAtMs <= nowMs())
    const resting = endpoints.filter((endpoint) => !rested.includes(endpoint))
    return [...rested, ...resting]
  }
  const noteFailure = (endpoint: Endpoint, error: unknown): void => {
    endpoint.failureCount += 1
    const backoff = limits.endpointBackoffMsMin * 2 ** Math.min(endpoint.failureCount - 1, 16)
    endpoint.retryAtMs = nowMs() + Math.min(backoff, limits.endpointBackoffMsMax)
    endpoint.noteFailure(error)
  }
  return {
    endpoints,
    use: async (use, isFinal = () => false) => {
      const causes: unknown[] = []
      for (const endpoint of candidates()) {
        try {
          const result = await use(endpoint)
          endpoint.failureCount = 0
          endpoint.retryAtMs = 0
          return result
        } catch (error) {
          if (isFinal(error)) throw error
          const isRefusal = error instanceof EndpointError && error.kind !== 'unreachable'
          if (!isRefusal) noteFailure(endpoint, error)
          causes.push(error)
        }
      }
      throw new NoEndpointError(chainId, causes)
    },
  }
}
