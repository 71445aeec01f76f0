// Requests to answers: who asks, how often, with what; then the route.
import { createHash } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import type { z } from 'zod'
import { BaseError, messageOf } from '../model/errors.ts'
import { toJson } from '../model/json.ts'
import { type Client, checkScope, createAccess } from './access.ts'
import { ProblemError, problemResponse, type RequestFault } from './problem.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Route } from './route.ts'
import type { Tools } from './tools.ts'

/** A path and query, or one query parameter given more than once, beyond this is nobody's. */
const URL_BYTES_MAX = 4_096

type Env = { Bindings: HttpBindings; Variables: { client: Client; route: string } }
type Ctx = Context<Env>

/** What is answered without a token, since it says nothing of anybody's loans. */
export type Page = { readonly path: string; answer(): { readonly type: string; readonly body: string } }

export type AppOptions = {
  readonly tools: Tools
  readonly routes: readonly Route[]
  readonly pages: readonly Page[]
  /** The metrics as Prometheus reads them. */
  metrics(): Promise<{ readonly type: string; readonly body: string }>
  /** A request was answered: `route` is the path as the document has it. */
  onAnswered(answered: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly ms: number
  }): void
  /** Aborts when the daemon stops. */
  readonly signal: AbortSignal
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
} as const

/** `/v1/positions/{id}` as the framework writes it. */
const patternOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

const faultsOf = (where: RequestFault['in'], { issues }: z.ZodError): readonly RequestFault[] =>
  issues.flatMap((issue): readonly RequestFault[] => {
    const path = issue.path.map(String).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ in: where, path: key, message: 'is not known here' }))
    return [{ in: where, path, message: issue.message.replace(/^Invalid input: /, '') }]
  })

const parse = (
  where: RequestFault['in'],
  fields: Route['queryFields'],
  given: Readonly<Record<string, string>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly faults: readonly RequestFault[] } => {
  const values: Record<string, unknown> = {}
  const faults: RequestFault[] = Object.keys(given)
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) => ({ in: where, path: key, message: 'is not known here' }))
  for (const [key, schema] of Object.entries(fields)) {
    const result = schema.safeParse(Object.hasOwn(given, key) ? given[key] : undefined)
    if (result.success) values[key] = result.data
    else faults.push(...faultsOf(where, result.error).map((fault) => ({ ...fault, path: key })))
  }
  return { values, faults }
}

/** Each parameter once. */
const queryOf = (
  c: Ctx,
): { readonly query: Readonly<Record<string, string>>; readonly faults: readonly RequestFault[] } => {
  const query: Record<string, string> = {}
  const faults: RequestFault[] = []
  for (const [key, value] of new URL(c.req.url).searchParams)
    if (Object.hasOwn(query, key)) faults.push({ in: 'query', path: key, message: 'is given more than once' })
    else Object.defineProperty(query, key, { value, enumerable: true })
  return { query, faults }
}

const bodyOf = async (c: Ctx): Promise<unknown> => {
  const text = await c.req.text()
  if (text !== '' && !/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new ProblemError('unsupported-media-type', 'the body is not application/json')
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ProblemError('invalid-request', 'the body is no JSON')
  }
}

/** Everything that a route is asked with, parsed. Throws `ProblemError` with every fault at once. */
const askOf = async (c: Ctx, route: Route, signal: AbortSignal) => {
  const { query: given, faults: repeated } = queryOf(c)
  const query = parse('query', route.queryFields, given)
  const path = parse('path', route.pathFields, c.req.param() as Record<string, string>)
  const body = route.bodySchema?.safeParse(await bodyOf(c))
  const faults = [
    ...path.faults,
    ...repeated,
    ...query.faults,
    ...(body && !body.success ? faultsOf('body', body.error) : []),
  ]
  if (faults.length > 0) {
    const said = faults.map((fault) => `${fault.path || fault.in} ${fault.message}`)
    throw new ProblemError('invalid-request', said.join('; '), { faults })
  }
  return { query: query.values, path: path.values, body: body?.data, client: c.get('client'), signal }
}

/** Names the state that an answer rests on, and the question. */
const etagOf = ({ chains, daemon }: Tools, route: Route): string | undefined => {
  if (!route.restsOn) return undefined
  return `W/"${chains.versionOf(daemon.chains)}"`
}

const isKnown = (c: Ctx, etag: string): boolean =>
  (c.req.header('if-none-match') ?? '').split(',').some((one) => one.trim() === etag || one.trim() === '*')

const handlerOf =
  (route: Route, { tools, signal }: AppOptions) =>
  async (c: Ctx): Promise<Response> => {
    c.set('route', route.path)
    checkScope(c.get('client'), route.scope)
    const ask = await askOf(c, route, AbortSignal.any([signal, c.req.raw.signal]))
    const etag = etagOf(tools, route)
    if (etag !== undefined) {
      c.header('etag', etag)
      if (isKnown(c, etag)) return c.body(null, 304)
    }
    const { status = 200, body } = await route.run(ask as never, tools)
    const text = JSON.stringify(toJson(body))
    c.header('content-length', String(Buffer.byteLength(text)))
    c.header('content-type', 'application/json')
    return c.body(text, status as 200)
  }

/** The methods of routes whose path this is. */
const methodsAt = (path: string, routes: readonly Route[]): readonly string[] =>
  routes
    .filter((route) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .map(({ method }) => method)

const problemOf = (error: unknown, c: Ctx, { tools }: AppOptions): ProblemError => {
  if (error instanceof ProblemError) return error
  const { log } = tools.daemon
  const remedy = error instanceof BaseError ? error.remedy : undefined
  log.error(
    { event: 'request-failed', path: c.req.path, error: messageOf(error), remedy },
    'a request failed',
  )
  return new ProblemError('internal', 'the request could not be answered; the log of the daemon says why')
}

const guard = ({ tools }: AppOptions): MiddlewareHandler<Env> => {
  const access = createAccess(tools.server)
  const limit = createRateLimit(tools.server.requestsPerMinuteMax, tools.daemon.nowMs)
  /** Guesses of tokens count as requests of the address that they come from. */
  const guesses = createRateLimit(tools.server.requestsPerMinuteMax, tools.daemon.nowMs)
  const check = (rate: typeof limit, who: string): void => {
    const seconds = rate.take(who)
    if (seconds > 0)
      throw new ProblemError(
        'rate-limited',
        `more than ${tools.server.requestsPerMinuteMax} requests a minute`,
        {
          headers: { 'retry-after': String(seconds) },
        },
      )
  }
  return async (c, next) => {
    const address = c.env?.incoming?.socket?.remoteAddress ?? 'unknown'
    let client: Client
    try {
      client = access({ authorization: c.req.header('authorization'), host: c.req.header('host'), address })
    } catch (error) {
      check(guesses, address)
      throw error
    }
    check(limit, client.name)
    c.set('client', client)
    await next()
  }
}

const limited = ({ server }: Tools): MiddlewareHandler<Env> =>
  bodyLimit({
    maxSize: server.bodyBytesMax,
    onError: () => {
      throw new ProblemError('body-too-large', `the body has more than ${server.bodyBytesMax} bytes`)
    },
  })

/** Everything that is served, as a function of requests. */
export const createApp = (options: AppOptions): Hono<Env> => {
  const { tools, routes, pages, onAnswered } = options
  const { server, daemon, redact } = tools
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const startedAtMs = daemon.nowMs()
    await next()
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value)
    onAnswered({
      method: c.req.method,
      route: c.get('route') ?? 'none',
      status: c.res.status,
      ms: daemon.nowMs() - startedAtMs,
    })
  })
  app.use(compress({ contentTypeFilter: /json|text/ }))
  if (server.cors.length > 0)
    app.use(
      cors({
        origin: [...server.cors],
        allowMethods: ['GET', 'POST', 'DELETE'],
        allowHeaders: ['authorization', 'content-type', 'if-none-match'],
        exposeHeaders: ['etag', 'retry-after'],
        maxAge: 600,
      }),
    )
  app.use(async (c, next) => {
    if (Buffer.byteLength(c.req.url) > URL_BYTES_MAX)
      throw new ProblemError('query-too-large', `the address has more than ${URL_BYTES_MAX} bytes`)
    await next()
  })
  for (const { path, answer } of pages)
    app.get(path, (c) => {
      const { type, body } = answer()
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
      c.set('route', path)
      c.header('etag', etag)
      if (isKnown(c, etag)) return c.body(null, 304)
      return c.body(body, 200, { 'content-type': type })
    })
  const guarded = guard(options)
  app.use('/v1/*', guarded, limited(tools))
  app.get('/metrics', guarded, async (c) => {
    const { type, body } = await options.metrics()
    c.set('route', '/metrics')
    return c.body(body, 200, { 'content-type': type })
  })
  for (const route of routes) app.on(route.method, patternOf(route.path), handlerOf(route, options))
  app.notFound((c) => {
    const methods = methodsAt(c.req.path, routes)
    const problem =
      methods.length > 0
        ? new ProblemError('method-not-allowed', `${c.req.method} is not answered here`, {
            headers: { allow: methods.join(', ') },
          })
        : new ProblemError('not-found', `nothing is served at ${c.req.path}`, {
            remedy: 'See /docs for everything that is.',
          })
    return problemResponse(problem, redact)
  })
  app.onError((error, c) => problemResponse(problemOf(error, c, options), redact))
  return app
}
