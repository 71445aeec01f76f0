import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import type { Notifier } from './notifier.ts'

export const consoleSchema = z.union([z.literal(true), z.strictObject({})])

const lineOf = ({ status, severity, rule, annotations }: Notification): string =>
  `${status === 'firing' ? severity.toUpperCase() : 'RESOLVED'} ${rule}: ${annotations['summary'] ?? ''}`

/** Writes one readable line per message. */
export const consoleNotifier = (write: (line: string) => void): Notifier => ({
  send: async (notification) => {
    write(lineOf(notification))
    return { ok: true }
  },
})
