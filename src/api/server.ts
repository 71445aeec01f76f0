// The face for programs: HTTP beside the loop, over a connection of its own and the daemon's book in memory.
import { createServer, type Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ServerConfig } from '../app/config/server.ts'
import type { Daemon, Face } from '../app/face.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import { openDatabaseReadonly } from '../store/database.ts'
import { createApp, type Page } from './app.ts'
import { docsPage } from './docs-page.ts'
import { createMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { createRateLimit } from './rate-limit.ts'
import { createChains } from './reading/chains.ts'
import { createLiveReads } from './reading/live.ts'
import { createNewcomers } from './reading/newcomers.ts'
import { createRankings } from './reading/rankings.ts'
import { createTriggerMemory } from './reading/triggers.ts'
import type { Route } from './route.ts'
import { routesOf } from './routes.ts'
import { createStream } from './stream/stream.ts'
import { serveUpgrades } from './stream/web-socket.ts'
import { createExports } from './threads/exports.ts'
import { createRisks } from './threads/risks.ts'
import { createStresses } from './threads/stresses.ts'
import { createSurveyThread } from './threads/survey-thread.ts'
import { createSurveys } from './threads/surveys.ts'
import type { Tools } from './tools.ts'
import { webFiles } from './web.ts'

/** A client has so long for its request, and an answer on the way as long to end when the daemon stops. */
const REQUEST_MS_MAX = 30_000
const HEADERS_MS_MAX = 10_000
const GOODBYE_MS_MAX = 5_000
const CONNECTIONS_MAX = 1_000

export class ServerUnavailableError extends BaseError {
  override readonly name = 'ServerUnavailableError'
  constructor({ host, port }: ServerConfig, cause: unknown) {
    super(`cannot serve at ${host}:${port}: ${messageOf(cause)}`, {
      remedy:
        'Set server.host and server.port in plimsoll.yaml to an address of this machine and a free port.',
      cause,
    })
  }
}

export type ServeOptions = {
  readonly server: ServerConfig
  readonly version: string
  redact(text: string): string
}

const listening = (http: Server, server: ServerConfig): Promise<string> =>
  new Promise((done, fail) => {
    http.once('error', (error) => fail(new ServerUnavailableError(server, error)))
    http.listen(server.port, server.host, () => {
      const address = http.address()
      const port = typeof address === 'object' && address ? address.port : server.port
      done(`http://${isIPv6(server.host) ? `[${server.host}]` : server.host}:${port}`)
    })
  })

/** Ends what is idle at once, and what is being answered when it is, or after a while. */
const closing = (http: Server): Promise<void> =>
  new Promise((done) => {
    const late = setTimeout(() => http.closeAllConnections(), GOODBYE_MS_MAX)
    http.close(() => {
      clearTimeout(late)
      done()
    })
    http.closeIdleConnections()
  })

/** What routes have at hand, and how all of it is let go. */
const openTools = (daemon: Daemon, { server, version, redact }: ServeOptions) => {
  const { config, log, nowMs, watchList } = daemon
  const database = openDatabaseReadonly(config.storeFile)
  const live = createLiveReads(createRateLimit(server.liveReadsPerMinuteMax, nowMs), log)
  const stresses = createStresses(config)
  const exports = createExports({ storeFile: config.storeFile, exportsMax: server.exportsMax, log })
  const risks = createRisks(log)
  const newcomers = createNewcomers(
    config.chains.map(({ id }) => id),
    watchList.accounts,
  )
  watchList.onChange(({ added }) => newcomers.add(added))
  const chains = createChains(database, nowMs)
  const surveyThread = createSurveyThread(config.storeFile)
  const surveys = createSurveys({
    survey: surveyThread.survey,
    version: () => chains.bookVersionOf(daemon.chains),
    nowMs,
  })
  const rankings = createRankings(() => tools)
  const stream = createStream({ daemon, database, server, redact, chains, rankings })
  const tools: Tools = {
    ...{ daemon, server, version, database, chains, live, rankings, newcomers, stresses, stream, redact },
    triggers: createTriggerMemory(),
    ...{ surveys, exports, risks },
  }
  return {
    tools,
    /** Ends what is under way. */
    stop: async (): Promise<void> => {
      stream.close()
      live.close()
      await Promise.all([stresses, exports, risks, surveyThread].map((one) => one.close()))
    },
    close: () => database.$client.close(),
  }
}

const pagesOf = (routes: readonly Route[], version: string): readonly Page[] => {
  const document = openApiDocument(routes, version)
  const [text, html] = [JSON.stringify(document), docsPage(document, routes)]
  return [
    { path: '/openapi.json', answer: () => ({ type: 'application/json', body: text }) },
    { path: '/docs', answer: () => ({ type: 'text/html; charset=utf-8', body: html }) },
  ]
}

/** Serves until it is closed. Throws `ServerUnavailableError` where the address cannot be had. */
export const serve = async (daemon: Daemon, options: ServeOptions): Promise<Face> => {
  const { server, version } = options
  const { tools, stop, close } = openTools(daemon, options)
  const stopping = new AbortController()
  const metrics = createMetrics(tools)
  const routes = routesOf(server)
  const app = createApp({
    ...{ tools, routes, pages: pagesOf(routes, version), web: webFiles(), signal: stopping.signal },
    metrics: metrics.text,
    onAnswered: metrics.onAnswered,
  })
  const http = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: { requestTimeout: REQUEST_MS_MAX, headersTimeout: HEADERS_MS_MAX },
  }) as Server
  http.maxConnections = CONNECTIONS_MAX
  serveUpgrades(http, app.fetch)
  try {
    const url = await listening(http, server)
    daemon.log.info({ event: 'serving', url }, `serving ${url}`)
  } catch (error) {
    await stop()
    close()
    throw error
  }
  return {
    onFollowEvent: (chainId, event) => {
      tools.newcomers.onFollowEvent(chainId, event)
      metrics.onFollowEvent(chainId, event)
      tools.stream.onFollowEvent(chainId, event)
      tools.rankings.renew()
    },
    onAlerts: tools.stream.onAlerts,
    onDelivery: metrics.onDelivery,
    close: async () => {
      stopping.abort()
      await stop()
      await closing(http)
      metrics.close()
      close()
    },
  }
}
