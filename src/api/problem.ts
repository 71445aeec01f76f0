// Faults as RFC 9457 problem details.
import { z } from 'zod'
import { BaseError } from '../model/errors.ts'

/** What can be wrong, by the name that `type` ends with: the status and a title for people. */
const KINDS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'This may not be done' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This method is not answered here' },
  'not-observed': { status: 404, title: 'This block was not observed' },
  refused: { status: 409, title: 'This cannot be done' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'query-too-large': { status: 414, title: 'The query is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is no JSON' },
  'too-much-work': { status: 422, title: 'This would take too much work' },
  unresolvable: { status: 422, title: 'This name is not answered by the chain' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'This cannot be answered now' },
} as const

export type ProblemKind = keyof typeof KINDS

/** One thing that is wrong with a request: where, by its path, and what. */
export type RequestFault = {
  readonly in: 'query' | 'path' | 'body'
  readonly path: string
  readonly message: string
}

const TYPE_PREFIX = 'urn:plimsoll:problem:'

export const problemSchema = z
  .object({
    type: z.string().describe(`${TYPE_PREFIX}NAME, where NAME says what kind of fault it is`),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    remedy: z.string().optional().describe('How to mend it'),
    faults: z
      .array(z.object({ in: z.enum(['query', 'path', 'body']), path: z.string(), message: z.string() }))
      .optional(),
  })
  .describe('RFC 9457 problem details')

export type Problem = z.infer<typeof problemSchema>

export class ProblemError extends BaseError {
  override readonly name = 'ProblemError'
  readonly kind: ProblemKind
  readonly faults: readonly RequestFault[]
  readonly headers: Readonly<Record<string, string>>
  constructor(
    kind: ProblemKind,
    detail: string,
    options: {
      readonly remedy?: string
      readonly faults?: readonly RequestFault[]
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(detail, options.remedy === undefined ? {} : { remedy: options.remedy })
    this.kind = kind
    this.faults = options.faults ?? []
    this.headers = options.headers ?? {}
  }
}

/** One parameter of a query that is wrong together with others. */
export const faultOf = (path: string, message: string): ProblemError =>
  new ProblemError('invalid-request', `${path} ${message}`, { faults: [{ in: 'query', path, message }] })

/** A response to a fault; `redact` takes secrets out of its words. */
export const problemResponse = (error: ProblemError, redact: (text: string) => string): Response => {
  const { status, title } = KINDS[error.kind]
  const problem: Problem = {
    ...{ type: `${TYPE_PREFIX}${error.kind}`, title, status, detail: redact(error.message) },
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.faults.length > 0 ? { faults: [...error.faults] } : {}),
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'content-type': 'application/problem+json', ...error.headers },
  })
}
