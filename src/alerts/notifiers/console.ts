import { z } from 'zod'
import type { AlertNotification, Notification } from '../../model/alert.ts'
import type { Notifier } from './notifier.ts'

export const consoleSchema = z.union([z.literal(true), z.strictObject({})])

const alertLine = ({ status, severity, rule, annotations }: AlertNotification): string =>
  `${status === 'firing' ? severity.toUpperCase() : status.toUpperCase()} ${rule}: ${annotations['summary'] ?? ''}`

const linesOf = (notification: Notification): readonly string[] => {
  if (notification.kind === 'alert') return [alertLine(notification)]
  if (notification.kind === 'group') return notification.alerts.map(alertLine)
  return notification.kind === 'digest' ? [`DIGEST ${notification.loans.length} loans`] : [notification.text]
}

/** Writes one readable line per alert. */
export const consoleNotifier = (write: (line: string) => void): Notifier => ({
  send: async (notification) => {
    for (const line of linesOf(notification)) write(line)
    return { ok: true }
  },
})
