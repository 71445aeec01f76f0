/** What is wrong with a request, where: `path` is the name of a parameter or the way to a field. */
export type RequestFault = {
  readonly in: 'query' | 'path' | 'body'
  readonly path: string
  readonly message: string
}

/** Fields of RFC 9457 problem details, and what its headers say. */
type Problem = {
  readonly kind: string
  readonly status: number
  readonly title?: string | undefined
  readonly detail: string
  readonly remedy?: string | undefined
  readonly faults?: readonly RequestFault[] | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/**
 * The server refused, or could not be reached. `kind` is for programs: what the problem's type ends with, such as `not-found` or
 * `rate-limited`; `unreachable` (status 0) where there was no answer, `unexpected` where it was none of the API's.
 */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError'
  readonly kind: string
  readonly status: number
  readonly title: string | undefined
  readonly detail: string
  /** How to mend it, where that is known. */
  readonly remedy: string | undefined
  readonly faults: readonly RequestFault[]
  /** When to ask again, where the server says so. */
  readonly retryAfterSeconds: number | undefined

  constructor({ kind, status, title, detail, remedy, faults = [], retryAfterSeconds, cause }: Problem) {
    super(remedy ? `${detail}. ${remedy}` : detail, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.status = status
    this.title = title
    this.detail = detail
    this.remedy = remedy
    this.faults = faults
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const secondsIn = (headers: Headers): number | undefined => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : undefined
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const KIND_PREFIX = 'urn:plimsoll:problem:'

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)

/** The error of a response that is no answer. */
export const errorOf = ({ status, headers }: Response, body: string): PlimsollError => {
  const problem = parsed(body)
  const type = textOr(problem['type'], '')
  return new PlimsollError({
    kind: type.startsWith(KIND_PREFIX) ? type.slice(KIND_PREFIX.length) : 'unexpected',
    status,
    title: typeof problem['title'] === 'string' ? problem['title'] : undefined,
    detail: textOr(problem['detail'], `the server answered ${status} and no JSON of Plimsoll's`),
    remedy: typeof problem['remedy'] === 'string' ? problem['remedy'] : undefined,
    faults: Array.isArray(problem['faults']) ? problem['faults'] : [],
    retryAfterSeconds: secondsIn(headers),
  })
}
