// Every kind of receiver, in one table: what configuration accepts, what is sent and what is secret follow from it.
import { z } from 'zod'
import { SEVERITIES } from '../../model/alert.ts'
import { redact, redactable, secretPartsOf } from '../../model/redact.ts'
import { quietHoursSchema } from '../quiet-hours.ts'
import { consoleKind } from './console.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import type { Notifier, NotifierTools, ReceiverKind } from './notifier.ts'
import { ntfy } from './ntfy.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { stdout } from './stdout.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

const receiverKinds = {
  webhook,
  telegram,
  discord,
  slack,
  email,
  ntfy,
  pagerduty,
  stdout,
  console: consoleKind,
} as const

type Kinds = typeof receiverKinds
type KindName = keyof Kinds
const kindNames = Object.keys(receiverKinds) as readonly KindName[]

const kindShape = Object.fromEntries(
  kindNames.map((name) => [name, receiverKinds[name].schema.optional()]),
) as unknown as { readonly [K in KindName]: z.ZodOptional<Kinds[K]['schema']> }

/** What every receiver can say, whatever its kind. */
const commonShape = {
  name: z.string().regex(/^[^,\s]([^,]*[^,\s])?$/, 'is empty, or has a comma or a space at its end'),
  minSeverity: z.enum(SEVERITIES).optional().describe('Alerts that are less severe are not sent here.'),
  sendResolved: z.boolean().optional().describe('Whether it is told that an alert is over; left out: true.'),
  quietHours: quietHoursSchema.optional(),
  messagesPerMinuteMax: z
    .int()
    .positive()
    .optional()
    .describe('No more are sent in a minute; left out: what the kind takes.'),
}

/** A receiver has a name and exactly one kind. */
export const receiverSchema = z
  .strictObject({ ...commonShape, ...kindShape })
  .refine(
    (receiver) => kindNames.filter((name) => receiver[name] !== undefined).length === 1,
    `needs exactly one of ${kindNames.join(', ')}`,
  )

export type Receiver = z.infer<typeof receiverSchema>

/** The kind of a receiver by its name, and what of it matters to delivery. */
export const kindOf = (receiver: Receiver) => {
  const name = kindNames.find((one) => receiver[one] !== undefined) ?? 'console'
  const kind = receiverKinds[name] as unknown as ReceiverKind<z.ZodType>
  return { name, kind, settings: receiver[name] as unknown }
}

/** Whether it takes summaries and heartbeats. */
export const takesSummaries = (receiver: Receiver): boolean => !kindOf(receiver).kind.takesAlertsOnly

/** What of a receiver must never be printed: keys, and of addresses all but the host. */
export const receiverSecrets = (receiver: Receiver): readonly string[] => {
  const { kind, settings } = kindOf(receiver)
  return kind
    .secretsOf(settings)
    .flatMap((secret) => (/^https?:/.test(secret) ? secretPartsOf(secret) : [secret]))
}

/** The notifier of a receiver, by its kind. What it says of failures holds no secret of its own. */
export const notifierOf = (receiver: Receiver, tools: NotifierTools): Notifier => {
  const { kind, settings } = kindOf(receiver)
  const notifier = kind.make(settings, tools)
  const secrets = redactable(receiverSecrets(receiver))
  const messagesPerMinuteMax = receiver.messagesPerMinuteMax ?? kind.messagesPerMinuteMax
  return {
    ...(kind.isForPeople ? { inFlightMax: 1 } : {}),
    ...(messagesPerMinuteMax === undefined ? {} : { messagesPerMinuteMax }),
    send: async (notification) => {
      const delivery = await notifier.send(notification)
      return delivery.ok ? delivery : { ...delivery, error: redact(delivery.error, secrets) }
    },
  }
}
