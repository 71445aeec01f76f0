// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
import { z } from 'zod'
import type { AlertNotification, Notification } from '../../model/alert.ts'
import { isoTime } from '../../units/format.ts'
import { messageOf } from '../messages.ts'
import { httpUrl, post } from './http.ts'
import { type Delivery, defineKind, type NotifierTools } from './notifier.ts'

const schema = z.strictObject({
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'is no integration key: 32 letters and digits')
    .describe('Integration key of a service, Events API v2.'),
  apiUrl: httpUrl
    .optional()
    .describe('Left out: https://events.pagerduty.com; in Europe https://events.eu.pagerduty.com.'),
})

type Settings = z.infer<typeof schema>

/** Limits of PagerDuty's fields. */
const [SUMMARY_CHARACTERS_MAX, LINKS_MAX] = [1_024, 5]

const triggerOf = (alert: AlertNotification) => {
  const { headline, parts } = messageOf(alert)
  return {
    payload: {
      summary: headline.slice(0, SUMMARY_CHARACTERS_MAX),
      source: alert.labels['account'] ?? alert.labels['chainId'] ?? 'plimsoll',
      severity: alert.severity,
      timestamp: isoTime(alert.startsAt),
      component: alert.labels['protocol'],
      class: alert.rule,
      custom_details: { id: alert.id, labels: alert.labels, said: parts.flatMap(({ lines }) => lines) },
    },
    links: parts
      .flatMap(({ links }) => links)
      .slice(0, LINKS_MAX)
      .map(({ label, url }) => ({ href: url, text: label })),
  }
}

type Event = { readonly event_action: 'trigger' | 'resolve'; readonly dedup_key: string }

/** An alert that is over, or was taken back, resolves the incident that it triggered. */
const eventsOf = (alert: AlertNotification): readonly Event[] =>
  alert.status === 'firing'
    ? [{ event_action: 'trigger', dedup_key: alert.fingerprint, ...triggerOf(alert) }]
    : [{ event_action: 'resolve', dedup_key: alert.fingerprint }]

/** A test opens an incident and closes it at once. */
const testEvents = ({ id, text }: { readonly id: string; readonly text: string }): readonly Event[] => {
  const payload = { summary: text, source: 'plimsoll', severity: 'info' }
  return [
    { event_action: 'trigger', dedup_key: id, ...{ payload } },
    { event_action: 'resolve', dedup_key: id },
  ]
}

const NO_INCIDENT: Delivery = {
  ok: false,
  error: 'PagerDuty takes alerts only: send summaries and heartbeats to another receiver',
  isPermanent: true,
}

const send = async (settings: Settings, event: Event, tools: NotifierTools): Promise<Delivery> => {
  const { routingKey, apiUrl = 'https://events.pagerduty.com' } = settings
  const body = JSON.stringify({
    routing_key: routingKey,
    ...event,
    ...(event.event_action === 'trigger' ? { client: 'Plimsoll' } : {}),
  })
  const url = `${apiUrl.replace(/\/$/, '')}/v2/enqueue`
  const detailOf = (answer: unknown): string | undefined => {
    const { message, errors } = answer as { message?: unknown; errors?: unknown }
    const texts = [message, ...(Array.isArray(errors) ? errors : [])].filter((one) => typeof one === 'string')
    return texts.length > 0 ? texts.join('; ') : undefined
  }
  return post({ url, body, detailOf }, tools)
}

const eventsFor = (notification: Notification): readonly Event[] => {
  if (notification.kind === 'alert') return eventsOf(notification)
  if (notification.kind === 'group') return notification.alerts.flatMap(eventsOf)
  return notification.kind === 'test' ? testEvents(notification) : []
}

/** Incidents by the fingerprints of alerts: one event an alert, in order; what was sent twice is one incident still. */
export const pagerduty = defineKind({
  schema,
  isForPeople: false,
  takesAlertsOnly: true,
  secretsOf: ({ routingKey, apiUrl }) => [routingKey, ...(apiUrl ? [apiUrl] : [])],
  make: (settings, tools) => ({
    send: async (notification) => {
      const events = eventsFor(notification)
      if (events.length === 0) return NO_INCIDENT
      for (const event of events) {
        const delivery = await send(settings, event, tools)
        if (!delivery.ok) return delivery
      }
      return { ok: true }
    },
  }),
})
