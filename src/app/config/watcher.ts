// What plimsoll.yaml says of watching the watcher: bounds of self checks, heartbeats, digests.
import cron from 'node-cron'
import { z } from 'zod'
import { type Receiver, takesSummaries } from '../../alerts/notifiers/index.ts'
import { timezoneSchema } from '../../alerts/quiet-hours.ts'
import { configAddress } from '../../protocols/config-address.ts'
import type { PathFault } from './issues.ts'
import { receiverFault } from './named.ts'

const positive = z.int().positive()

const cronText = z.string().superRefine((text, context) => {
  const { valid, errors } = cron.validateDetailed(text)
  if (valid) return
  const why = errors.map(({ message }) => message).join('; ')
  context.addIssue({
    code: 'custom',
    message: `is no cron expression such as "0 8 * * *"${why ? `: ${why}` : ''}`,
  })
})

const timezone = timezoneSchema.default('UTC')

/** Bounds of what the daemon watches of itself. */
const watcherSchema = z
  .strictObject({
    /** Chains' oracles and sequencers, and the process itself, are looked at so often. */
    checkSeconds: positive.default(60),
    deliverySecondsMax: positive.default(300),
    jobLateSecondsMax: positive.default(3_600),
    diskFreeBytesMin: z.int().nonnegative().default(1_000_000_000),
    diskFreeShareMin: z.number().min(0).max(1).default(0.02),
    databaseBytesMax: positive.optional(),
  })
  .prefault({})

const oracleSchema = z
  .strictObject({
    feed: configAddress.optional(),
    asset: z.string().min(1).optional(),
    heartbeatSeconds: positive,
  })
  .refine(
    ({ feed, asset }) => (feed === undefined) !== (asset === undefined),
    'names either a feed by its address or an asset by its symbol or address',
  )

const receivers = z.array(z.string()).min(1).optional()

/** The keys of the file that are about watching the watcher. */
export const watcherShape = {
  watcher: watcherSchema,
  oracles: z.array(oracleSchema).default([]),
  deadMansSwitch: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'is no http(s) address' }),
      method: z.enum(['GET', 'POST']).default('GET'),
      everySeconds: positive.default(60),
    })
    .optional(),
  digest: z.strictObject({ cron: cronText, timezone, receivers }).optional(),
  heartbeat: z.strictObject({ cron: cronText, timezone, receivers }).optional(),
}

const shape = z.strictObject(watcherShape)
export type WatcherInput = z.infer<typeof shape>

/** What holds without a file. */
export const watcherDefaults = (): WatcherInput => shape.parse({})

type WithReceivers = { readonly receivers: readonly Receiver[] }

const faultOf = (name: string, receivers: readonly Receiver[]): string | undefined => {
  const receiver = receivers.find((one) => one.name === name)
  if (!receiver) return receiverFault(name, receivers)
  return takesSummaries(receiver) ? undefined : `the receiver ${name} takes alerts only; name another`
}

/** Receivers of digests and heartbeats have to exist and to take them. */
export const watcherFaults = (input: WatcherInput & WithReceivers): readonly PathFault[] =>
  (['digest', 'heartbeat'] as const).flatMap((key) =>
    (input[key]?.receivers ?? []).flatMap((name, at) => {
      const message = faultOf(name, input.receivers)
      return message === undefined ? [] : [{ path: [key, 'receivers', at], message }]
    }),
  )
