import { z } from 'zod'
import { messageOf } from '../../alerts/messages.ts'
import { kindOf, type Receiver } from '../../alerts/notifiers/index.ts'
import { quietUntilMs } from '../../alerts/quiet-hours.ts'
import { type ListedReceiver, listReceivers } from '../../app/receiver-list.ts'
import { deadLetters, receiverCounts } from '../../store/receivers.ts'
import { acted } from '../acting.ts'
import { ProblemError } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { component } from '../schemas/components.ts'
import { limitUpTo } from '../schemas/query.ts'
import { deadLetter, receiver, receiverTest } from '../schemas/receiver.ts'
import type { Tools } from '../tools.ts'

const secondsOf = (ms: number | null | undefined): number | null =>
  ms == null ? null : Math.ceil(ms / 1_000)

const configured = ({ daemon }: Tools, name: string): Receiver | undefined =>
  daemon.config.receivers.find((one) => one.name === name)

const all = ({ daemon, database, redact }: Tools): readonly ListedReceiver[] =>
  listReceivers(daemon.config.receivers, receiverCounts(database), redact)

const shown = (tools: Tools, { nextAttemptAtMs, ...one }: ListedReceiver) => {
  const { daemon } = tools
  const quietHours = configured(tools, one.receiver)?.quietHours
  return {
    ...one,
    nextAttemptAt: secondsOf(nextAttemptAtMs),
    restsUntil: secondsOf(daemon.restsUntilMs(one.receiver)),
    quietUntil: secondsOf(quietHours && quietUntilMs(quietHours, daemon.nowMs())),
  }
}

const noSuch = (tools: Tools, name: string): ProblemError =>
  new ProblemError('not-found', `there is no receiver ${name}`, {
    remedy: `Name one of ${all(tools)
      .map((one) => one.receiver)
      .join(', ')}.`,
  })

const pathFields = { name: z.string().min(1).max(100).describe('The name of a receiver') }

const listRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/receivers', tag: 'alerts', scope: 'read' },
  summary: 'Who is told: what waits for each, what arrived, what was given up, and whether it is left alone',
  answer: component('Receivers', z.object({ receivers: z.array(receiver) })),
  run: (_ask, tools) => ({ body: { receivers: all(tools).map((one) => shown(tools, one)) } }),
})

const deadRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/receivers/{name}/dead', tag: 'alerts', scope: 'read' },
    summary: 'Messages to a receiver that were given up, newest first',
    pathFields,
    query: { limit: limitUpTo(limitMax) },
    answer: component('DeadLetters', z.object({ dead: z.array(deadLetter) })),
    problems: ['not-found'],
    run: ({ path: { name }, query }, tools) => {
      if (!all(tools).some((one) => one.receiver === name)) throw noSuch(tools, name)
      return {
        body: {
          dead: deadLetters(tools.database, name, query.limit).map(
            ({ notification, deadAtMs, ...letter }) => ({
              ...letter,
              headline: tools.redact(messageOf(notification).headline),
              deadAt: Math.floor(deadAtMs / 1_000),
              lastError: letter.lastError === null ? null : tools.redact(letter.lastError),
            }),
          ),
        },
      }
    },
  })

const testRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/receivers/{name}/test', tag: 'alerts', scope: 'write' },
  summary: 'Sends a real message to a receiver, once, and says what became of it',
  pathFields,
  answer: receiverTest,
  problems: ['not-found'],
  run: async ({ path: { name } }, tools) => {
    const found = configured(tools, name)
    if (!found) throw noSuch(tools, name)
    const { delivery, id, durationMs } = await tools.daemon.testReceiver(found)
    const error = delivery.ok ? null : tools.redact(delivery.error)
    return { body: { receiver: name, kind: kindOf(found).name, ok: delivery.ok, error, id, durationMs } }
  },
})

const resendRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/receivers/{name}/resend', tag: 'alerts', scope: 'write' },
  summary: 'Sends what was given up for a receiver again',
  description:
    'All of it, but for what later news of the same alert have made out of date, or the one message of an id.',
  pathFields,
  body: z.strictObject({
    id: z.string().min(1).max(100).optional().describe('Of one message; all where left out'),
  }),
  answer: component('Resent', z.object({ resentCount: z.int(), outdatedCount: z.int() })),
  problems: ['not-found', 'refused'],
  run: ({ path: { name }, body: { id } }, tools) => {
    if (!all(tools).some((one) => one.receiver === name)) throw noSuch(tools, name)
    return {
      body: acted(tools, 'receivers.resend', id === undefined ? { all: name } : { id, receiver: name }),
    }
  },
})

/** Who is told of alerts. */
export const receiverRoutes = (limitMax: number): readonly Route[] => [
  listRoute,
  deadRoute(limitMax),
  testRoute,
  resendRoute,
]
