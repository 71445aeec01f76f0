// Requests to answers: who asks, how often, with what; then the route.
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { BaseError, messageOf } from '../model/errors.ts'
import { toJson } from '../model/json.ts'
import { checkScope } from './access.ts'
import { askOf, type Ctx, type Env } from './asking.ts'
import { guard, limited } from './guard.ts'
import { ProblemError, problemResponse } from './problem.ts'
import { asOf } from './reading/chains.ts'
import type { Route } from './route.ts'
import type { Tools } from './tools.ts'
import type { WebFile } from './web.ts'

/** A path and query, or one query parameter given more than once, beyond this is nobody's. */
const URL_BYTES_MAX = 4_096

/** What is answered without a token, since it says nothing of anybody's loans. */
export type Page = { readonly path: string; answer(): { readonly type: string; readonly body: string } }

export type AppOptions = {
  readonly tools: Tools
  readonly routes: readonly Route[]
  readonly pages: readonly Page[]
  /** The page for people; it asks for a token itself, where one is needed. */
  readonly web: readonly WebFile[]
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

/** Names the state that an answer rests on, and the question. */
const etagOf = ({ chains, daemon }: Tools, route: Route): string | undefined => {
  if (!route.restsOn) return undefined
  return `W/"${chains.versionOf(daemon.chains)}"`
}

/** Whether a client has what this names: compressed or not is the same. */
const isKnown = (c: Ctx, etag: string): boolean => {
  const bare = (one: string): string => one.trim().replace(/^W\//, '')
  return (c.req.header('if-none-match') ?? '')
    .split(',')
    .some((one) => bare(one) === bare(etag) || one.trim() === '*')
}

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
    // Who only wants to know whether there is a stream is not told what happens.
    if (route.answerType && c.req.method === 'HEAD')
      return c.body(null, 200, { 'content-type': route.answerType })
    const reply = await route.run(ask as never, tools)
    if (reply instanceof Response) return reply
    const { status = 200, body } = reply
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

/** A page, unless it is known already. */
const sent = (c: Ctx, { path, answer }: Page): Response => {
  const { type, body } = answer()
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
  c.set('route', path)
  c.header('etag', etag)
  return isKnown(c, etag) ? c.body(null, 304) : c.body(body, 200, { 'content-type': type })
}

/** A file of the page, unless it is known already. */
const sentFile = (c: Ctx, { path, body, etag, headers }: WebFile): Response => {
  c.set('route', path.startsWith('/assets/') ? '/assets/{file}' : path.replace(/:(\w+)/g, '{$1}'))
  const all = { ...headers, etag }
  return isKnown(c, etag) ? c.body(null, 304, all) : c.body(body, 200, all)
}

/** Whether somebody looks at it in a browser. */
const isReader = ({ req }: Ctx): boolean =>
  !req.path.startsWith('/v1/') && (req.header('accept') ?? '').includes('text/html')

/** Everything that is served, as a function of requests. */
export const createApp = (options: AppOptions): Hono<Env> => {
  const { tools, routes, pages, web, onAnswered } = options
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
  app.use(compress({ contentTypeFilter: /json|text\/(?!event-stream)/ }))
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
  for (const page of pages) app.get(page.path, (c) => sent(c, page))
  for (const file of web) app.get(file.path, (c) => sentFile(c, file))
  // For whoever starts it again where it does not answer: it says nothing but whether what is told is of now.
  app.get('/healthz', (c) => {
    c.set('route', '/healthz')
    const { stale } = asOf(daemon.chains, daemon.nowMs())
    return c.text(stale ? 'red\n' : 'green\n', stale ? 503 : 200)
  })
  const guarded = guard(tools)
  app.use('/v1/*', guarded, limited(tools))
  app.get('/metrics', guarded, async (c) => {
    const { type, body } = await options.metrics()
    c.set('route', '/metrics')
    return c.body(body, 200, { 'content-type': type })
  })
  for (const route of routes) app.on(route.method, patternOf(route.path), handlerOf(route, options))
  app.notFound((c) => {
    const methods = methodsAt(c.req.path, routes)
    const page = web.find(({ path }) => path === '/')
    // A reader is told by the page, a program by a problem.
    if (page && c.req.method === 'GET' && isReader(c)) return c.body(page.body, 404, page.headers)
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
