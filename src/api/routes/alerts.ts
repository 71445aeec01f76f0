import { z } from 'zod'
import type { Alert } from '../../model/alert.ts'
import { SEVERITIES } from '../../model/alert.ts'
import { blockRef } from '../../model/block.ts'
import { listAcknowledgements } from '../../store/acknowledgements.ts'
import { alertPage } from '../../store/alert-pages.ts'
import type { Database } from '../../store/database.ts'
import { decisionsOf } from '../../store/decisions.ts'
import { noticesOf } from '../../store/notices.ts'
import { acted } from '../acting.ts'
import { asOf } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { ALERT_STATES, alert, toldAlert } from '../schemas/alert.ts'
import { asOfShape, nextShape } from '../schemas/common.ts'
import { component } from '../schemas/components.ts'
import { addressText, chainId, cursorIn, cursorOf, flag, index, limitUpTo, name } from '../schemas/query.ts'

const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{1,64}$/, 'is no fingerprint: hex digits, or the first of them')

/** Of its block, only what names it. */
const shown = (one: Alert): Alert => ({ ...one, block: blockRef(one.block) })

/** Alerts with what is remembered of telling them. */
const told = (database: Database, alerts: readonly Alert[], isExplained: boolean) => {
  const isOf =
    (one: Alert) =>
    (other: Pick<Alert, 'fingerprint' | 'activeAt'>): boolean =>
      one.fingerprint === other.fingerprint && one.activeAt === other.activeAt
  const notices = noticesOf(database, alerts)
  const acknowledgements = listAcknowledgements(database)
  return alerts.map((one) => {
    const acknowledgement = acknowledgements.find(isOf(one))
    return {
      ...shown(one),
      notices: notices.filter(isOf(one)),
      ...(acknowledgement ? { acknowledgement } : {}),
      ...(isExplained ? { decisions: decisionsOf(database, one) } : {}),
    }
  })
}

const alertsRoute = (limitMax: number): Route =>
  defineRoute({
    ...{ method: 'GET', path: '/v1/alerts', tag: 'alerts', scope: 'read', restsOn: 'store' },
    summary: 'Alerts, newest first, and who was told',
    query: {
      chain: chainId.optional().describe('A chain id; 0 for what the watcher watches of itself'),
      state: z.enum(ALERT_STATES).optional(),
      severity: z.enum(SEVERITIES).optional(),
      rule: name.optional(),
      subject: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe('A position id, or what the watcher watches of itself'),
      account: addressText.optional().describe('Of loans of this account'),
      label: z.string().min(1).max(100).optional().describe('The label of a watch'),
      fingerprint: fingerprint.optional(),
      explain: flag.optional().describe('Adds what was sent or not sent to whom, and why'),
      limit: limitUpTo(limitMax),
      cursor: cursorIn(z.tuple([index, z.string().max(100)])),
    },
    answer: component('Alerts', z.object({ ...asOfShape, alerts: z.array(toldAlert), ...nextShape })),
    run: ({ query }, tools) => {
      const { explain, cursor, ...rest } = query
      const { alerts, next } = alertPage(tools.database, { ...rest, after: cursor })
      return {
        body: {
          ...asOf(tools.daemon.chains, tools.daemon.nowMs()),
          alerts: told(tools.database, alerts, explain === true),
          next: next ? cursorOf(next) : null,
        },
      }
    },
  })

const acknowledgeRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/alerts/{fingerprint}/acknowledgement', tag: 'alerts', scope: 'write' },
  summary: 'Takes an alert that fires on: it is neither repeated nor escalated',
  pathFields: { fingerprint },
  body: z.strictObject({ comment: z.string().max(500).default('') }),
  answer: component('Acknowledged', z.object({ alert })),
  problems: ['refused'],
  run: ({ path, body, client }, tools) => ({
    body: {
      alert: acted(tools, 'alerts.ack', {
        fingerprint: path.fingerprint,
        by: client.name,
        comment: body.comment,
      }),
    },
  }),
})

export const alertRoutes = (limitMax: number): readonly Route[] => [alertsRoute(limitMax), acknowledgeRoute]
