import { z } from 'zod'
import { consoleNotifier, consoleSchema } from './console.ts'
import type { Notifier } from './notifier.ts'
import { webhook, webhookSchema } from './webhook.ts'

/** A receiver has a name and exactly one kind. */
export const receiverSchema = z
  .strictObject({
    name: z.string().min(1),
    webhook: webhookSchema.optional(),
    console: consoleSchema.optional(),
  })
  .refine(
    (receiver) => [receiver.webhook, receiver.console].filter((kind) => kind !== undefined).length === 1,
    'needs exactly one of webhook, console',
  )

export type Receiver = z.infer<typeof receiverSchema>

export type NotifierTools = { nowMs(): number; writeLine(line: string): void }

/** The notifier of a receiver, by its kind. */
export const notifierOf = (receiver: Receiver, { nowMs, writeLine }: NotifierTools): Notifier =>
  receiver.webhook ? webhook(receiver.webhook, nowMs) : consoleNotifier(writeLine)
