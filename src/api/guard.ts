// Before any route: who asks, how often, and with how much.
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Client, createAccess } from './access.ts'
import type { Env } from './asking.ts'
import { ProblemError } from './problem.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Tools } from './tools.ts'

/** Lets in who may ask and does not ask too often. */
export const guard = (tools: Tools): MiddlewareHandler<Env> => {
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

export const limited = ({ server }: Tools): MiddlewareHandler<Env> =>
  bodyLimit({
    maxSize: server.bodyBytesMax,
    onError: () => {
      throw new ProblemError('body-too-large', `the body has more than ${server.bodyBytesMax} bytes`)
    },
  })
