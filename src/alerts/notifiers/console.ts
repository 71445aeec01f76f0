import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { messageOf } from '../messages.ts'
import { plainMarkup, render } from '../messages-render.ts'
import { defineKind } from './notifier.ts'

const linesOf = (notification: Notification): readonly string[] => {
  const message = messageOf(notification)
  const { body, tail } = render(message, plainMarkup)
  return [
    `${message.tone.toUpperCase()} ${message.headline}`,
    ...[...body, ...tail].map((line) => (line === '' ? line : `  ${line}`)),
  ]
}

/** Writes a headline and, indented, what else is said. */
export const consoleKind = defineKind({
  schema: z.union([z.literal(true), z.strictObject({})]),
  isForPeople: true,
  secretsOf: () => [],
  make: (_settings, { writeLine }) => ({
    send: async (notification) => {
      for (const line of linesOf(notification)) writeLine(line)
      return { ok: true }
    },
  }),
})
