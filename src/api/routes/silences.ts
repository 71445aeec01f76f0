import { z } from 'zod'
import type { Silence } from '../../model/notice.ts'
import { listSilences } from '../../store/silences.ts'
import { acted } from '../acting.ts'
import { defineRoute, type Route } from '../route.ts'
import { silence } from '../schemas/alert.ts'
import { component } from '../schemas/components.ts'
import { flag } from '../schemas/query.ts'
import { nowSeconds, type Tools } from '../tools.ts'

/** Silences are few: they come on one page. */
const SILENCES_MAX = 1_000

const shown = (one: Silence, tools: Tools) => {
  const now = nowSeconds(tools)
  return { ...one, holds: one.startsAt <= now && now < one.endsAt }
}

const one = component('OneSilence', z.object({ silence }))

const listRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/silences', tag: 'alerts', scope: 'read' },
  summary: 'What is not told for a time, newest first',
  query: { holds: flag.optional().describe('Only those that hold now, or only others') },
  answer: component('Silences', z.object({ silences: z.array(silence) })),
  run: ({ query }, tools) => ({
    body: {
      silences: listSilences(tools.database)
        .map((row) => shown(row, tools))
        .filter(({ holds }) => query.holds === undefined || holds === query.holds)
        .slice(0, SILENCES_MAX),
    },
  }),
})

const addRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/silences', tag: 'alerts', scope: 'write', status: 201 },
  summary: 'Tells nothing of alerts with these labels from now on, for a time',
  body: z.strictObject({
    match: z
      .record(z.string().min(1).max(100), z.string().max(200))
      .describe('Values of labels, each exact or a /regular expression/; all have to fit'),
    seconds: z
      .int()
      .positive()
      .max(366 * 86_400),
    comment: z.string().max(500).default(''),
  }),
  answer: one,
  problems: ['refused'],
  run: ({ body, client }, tools) => {
    const written = acted(tools, 'silences.add', { ...body, by: client.name }) as unknown as Silence
    return { status: 201, body: { silence: shown(written, tools) } }
  },
})

const endRoute: Route = defineRoute({
  ...{ method: 'DELETE', path: '/v1/silences/{id}', tag: 'alerts', scope: 'write' },
  summary: 'Ends a silence now',
  pathFields: { id: z.string().regex(/^[0-9a-f]{1,64}$/, 'is no id of a silence') },
  answer: one,
  problems: ['refused'],
  run: ({ path }, tools) => {
    const ended = acted(tools, 'silences.expire', { id: path.id }) as unknown as Silence
    return { body: { silence: shown(ended, tools) } }
  },
})

export const silenceRoutes: readonly Route[] = [listRoute, addRoute, endRoute]
