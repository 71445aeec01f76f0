// Alerts that somebody takes on.
import { z } from 'zod'
import { toJson } from '../model/json.ts'
import { writeAcknowledgement } from '../store/acknowledgements.ts'
import { firingAlerts } from '../store/alerts.ts'
import { defineAction } from './control.ts'
import { byPrefix } from './prefix.ts'

/** Takes an alert that fires on: it is not repeated and not escalated until it fires anew; answers the alert. */
export const acknowledge = defineAction({
  name: 'alerts.ack',
  schema: z.strictObject({
    fingerprint: z.string().min(1),
    by: z.string().max(100),
    comment: z.string().max(500),
  }),
  run: ({ fingerprint: prefix, by, comment }, { database, nowMs }) => {
    const alert = byPrefix(firingAlerts(database), ({ fingerprint }) => fingerprint, prefix, {
      what: 'firing alert',
      remedy: 'See "plimsoll alerts --state firing".',
    })
    const { fingerprint, activeAt } = alert
    writeAcknowledgement(database, { fingerprint, activeAt, atMs: nowMs, by, comment })
    return toJson(alert)
  },
})
