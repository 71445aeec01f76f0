// Questions to the API that this page is served beside.
import { token } from './session.ts'

type Problem = {
  readonly title?: string
  readonly detail?: string
  readonly remedy?: string
  readonly faults?: readonly { readonly path?: string; readonly message: string }[]
}

/** An answer that is none: `status` is 0 where nothing answered at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly remedy: string | undefined
  /** Seconds after which to ask again, where the server says so. */
  readonly retryAfter: number | undefined
  constructor(
    message: string,
    details: { readonly status: number; readonly remedy?: string | undefined; readonly retryAfter?: number },
  ) {
    super(message)
    this.status = details.status
    this.remedy = details.remedy
    this.retryAfter = details.retryAfter
  }
}

const problemOf = async (response: Response): Promise<ApiError> => {
  const problem = (await response.json().catch(() => ({}))) as Problem
  const faults = (problem.faults ?? []).map(({ path, message }) => (path ? `${path} ${message}` : message))
  const wait = Number(response.headers.get('retry-after'))
  return new ApiError(
    [problem.detail ?? problem.title ?? `the server answered ${response.status}`, ...faults].join('; '),
    {
      ...{ status: response.status, remedy: problem.remedy },
      ...(wait > 0 ? { retryAfter: wait } : {}),
    },
  )
}

export type AskOptions = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: unknown
  readonly signal?: AbortSignal
  /** Statuses beside 2xx that carry an answer, not a problem. */
  readonly also?: readonly number[]
}

/** Asks; answers the JSON. Throws `ApiError` where there is no answer. */
export const ask = async <T>(path: string, options: AskOptions = {}): Promise<T> => {
  const { method = 'GET', body, signal, also = [] } = options
  const request: RequestInit = {
    method,
    headers: {
      ...(token.value === '' ? {} : { authorization: `Bearer ${token.value}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }
  let response: Response
  try {
    response = await fetch(path, request)
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError('Plimsoll does not answer', {
      status: 0,
      remedy: 'See whether the daemon runs (plimsoll watch) and the network is there.',
    })
  }
  if (!response.ok && !also.includes(response.status)) throw await problemOf(response)
  return (await response.json()) as T
}
