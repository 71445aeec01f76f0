import { z } from 'zod'
import { defineKind } from './notifier.ts'
import { bodyOf } from './webhook.ts'

/** Writes each message as one line of JSON, the same as a webhook's body. */
export const stdout = defineKind({
  schema: z.union([z.literal(true), z.strictObject({})]),
  isForPeople: false,
  secretsOf: () => [],
  make: (_settings, { writeLine }) => ({
    send: async (notification) => {
      writeLine(bodyOf(notification))
      return { ok: true }
    },
  }),
})
