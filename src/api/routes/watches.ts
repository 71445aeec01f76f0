import { z } from 'zod'
import { listWatches } from '../../app/watch-list.ts'
import { storedWatches } from '../../store/watches.ts'
import { acted } from '../acting.ts'
import { defineRoute, type Route } from '../route.ts'
import { watch } from '../schemas/alert.ts'
import { address } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { addressText } from '../schemas/query.ts'
import type { Tools } from '../tools.ts'

const watches = ({ daemon, database }: Tools) => listWatches(daemon.config, storedWatches(database))

const listRoute: Route = defineRoute({
  ...{ method: 'GET', path: '/v1/watches', tag: 'watches', scope: 'read', restsOn: 'store' },
  summary: 'Who is watched: by the configuration, and by what was added',
  query: { account: addressText.optional() },
  answer: component('Watches', z.object({ watches: z.array(watch) })),
  run: ({ query }, tools) => ({
    body: { watches: watches(tools).filter(({ account }) => !query.account || account === query.account) },
  }),
})

const addRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/watches', tag: 'watches', scope: 'write', status: 201 },
  summary: 'Watches an account from now on, in place of what was said of it before',
  body: z.strictObject({
    account: addressText,
    label: z.string().min(1).max(100).optional(),
    receivers: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(100)
      .optional()
      .describe('All of them where left out'),
  }),
  answer: component('AddedWatch', z.object({ watch, isReplaced: z.boolean() })),
  problems: ['refused'],
  run: ({ body }, tools) => {
    const { account, label = null, receivers = null } = body
    const answer = acted(tools, 'watches.add', { account, label, receivers })
    const { isReplaced } = answer as { isReplaced: boolean }
    return { status: 201, body: { watch: watches(tools).find((one) => one.account === account), isReplaced } }
  },
})

const endRoute: Route = defineRoute({
  ...{ method: 'DELETE', path: '/v1/watches/{account}', tag: 'watches', scope: 'write' },
  summary: 'Watches an account no longer',
  pathFields: { account: addressText },
  answer: component('EndedWatch', z.object({ account: address })),
  problems: ['refused'],
  run: ({ path }, tools) => ({ body: acted(tools, 'watches.remove', { account: path.account }) }),
})

export const watchRoutes: readonly Route[] = [listRoute, addRoute, endRoute]
