// The shape of plimsoll.yaml. Knows no protocol: markets are described by the adapters of the registry.
import { z } from 'zod'
import { OWN_LABELS } from '../../alerts/labels.ts'
import { receiverSchema } from '../../alerts/notifiers/index.ts'
import { MATCHABLE } from '../../alerts/rules.ts'
import { SEVERITIES } from '../../model/alert.ts'
import type { Adapter } from '../../protocols/adapter.ts'
import { configAddress } from '../../protocols/config-address.ts'
import { notifySchema } from './notify.ts'
import { serverSchema } from './server.ts'
import { watcherShape } from './watcher.ts'

const name = z.string().regex(/^[A-Za-z0-9._~-]+$/, 'may hold letters, digits and . _ ~ - only')
const positive = z.int().positive()

/** For how long history is kept where nothing else is said. */
export const HISTORY_DAYS = 90

/** How long prices and liquidations may need to catch up once a sequencer works again (docs.chain.link shows an hour). */
export const SEQUENCER_GRACE_SECONDS = 3_600

/** Text as it is written, also where YAML takes it for a number. */
const word = z.union([z.string(), z.number()]).transform(String)

/** What `match` may be of: accounts in the form in which loans have them. */
const matchShape = Object.fromEntries(
  MATCHABLE.map((key) => [key, (key === 'account' ? configAddress : word).optional()]),
) as Record<string, z.ZodOptional<z.ZodType<string>>>

/** A rule as it is written, defaults filled in. */
export const ruleSchema = z.strictObject({
  name,
  severity: z.enum(SEVERITIES),
  scope: z.enum(['watched', 'book']).default('watched'),
  when: z.string(),
  until: z.string().optional(),
  forSeconds: z.int().nonnegative().default(0),
  keepFiringForSeconds: z.int().nonnegative().default(0),
  sendResolved: z.boolean().optional(),
  match: z
    .strictObject(matchShape)
    .transform((match) => match as Readonly<Record<string, string>>)
    .default({}),
  labels: z
    .record(
      z
        .string()
        .refine((key) => !OWN_LABELS.includes(key), 'is a label that every alert has; name it otherwise'),
      word,
    )
    .default({}),
  annotations: z.record(z.string(), z.string()).default({}),
})

const watchSchema = z.strictObject({
  account: configAddress,
  label: z.string().optional(),
  receivers: z.array(z.string()).optional(),
})

const rpcUrl = z.url({ protocol: /^(https?|wss?)$/, error: 'is no http(s):// or ws(s):// address' })

/** A description of a deployment: the adapter's own fields beside the shared ones. */
const descriptionSchema = (adapters: readonly Adapter[]) => {
  const options = adapters.map(({ protocol, describe }) =>
    (describe.deploymentSchema as unknown as z.ZodObject).safeExtend({
      protocol: z.literal(protocol),
      deployment: name,
      fromBlock: z.int().nonnegative().optional(),
    }),
  )
  return z.discriminatedUnion('protocol', options as unknown as [z.ZodObject, ...z.ZodObject[]])
}

const chainSchema = (adapters: readonly Adapter[]) =>
  z.strictObject({
    id: positive,
    rpc: z.array(rpcUrl).min(1).optional(),
    pollIntervalMs: positive.optional(),
    multicall3: configAddress.optional(),
    ens: z.strictObject({ registry: configAddress }).optional(),
    follow: z.enum(['watched', 'book']).default('watched'),
    markets: z
      .union([z.literal('all'), z.array(z.union([name.or(z.string()), descriptionSchema(adapters)]))])
      .default('all'),
    headAgeSecondsMax: positive.optional(),
    unreachableSecondsMax: positive.default(60),
    cycleIntervalMsMin: z.int().nonnegative().optional(),
    callGasMax: positive.optional(),
    logRangeMax: positive.optional(),
    requestsInFlightMax: positive.optional(),
    requestTimeoutMs: positive.optional(),
    mirrorBehindSecondsMax: positive.optional(),
    sequencerUptimeFeed: configAddress.optional(),
    sequencerGraceSeconds: z.int().nonnegative().default(SEQUENCER_GRACE_SECONDS),
    reorgDepthMax: positive.optional(),
    auditsPerHead: z.int().nonnegative().optional(),
    historyAssessmentsPerCycleMax: positive.optional(),
    changeEffectPositionsMax: positive.optional(),
    backlogKeysMax: positive.optional(),
  })

const groupSchema = z.strictObject({
  name,
  assets: z
    .array(z.union([configAddress, z.string().regex(/^(?!0x)\S+$/, 'is neither a symbol nor an address')]))
    .min(1),
  stable: z.boolean().optional(),
})

/** The schema of the whole file, defaults filled in. */
export const configSchema = (adapters: readonly Adapter[]) =>
  z.strictObject({
    store: z
      .strictObject({
        file: z.string().min(1).default('./plimsoll.db'),
        historyDays: positive.default(HISTORY_DAYS),
      })
      .default({ file: './plimsoll.db', historyDays: HISTORY_DAYS }),
    server: serverSchema.optional(),
    chains: z.array(chainSchema(adapters)).min(1),
    watch: z.array(watchSchema).default([]),
    receivers: z.array(receiverSchema).default([]),
    notify: notifySchema.prefault({}),
    rules: z.array(ruleSchema).optional(),
    groups: z.array(groupSchema).default([]),
    ...watcherShape,
  })

export type ConfigInput = z.infer<ReturnType<typeof configSchema>>

/** JSON Schema of plimsoll.yaml, for editors. */
export const configJsonSchema = (adapters: readonly Adapter[]): object =>
  z.toJSONSchema(configSchema(adapters), { io: 'input', unrepresentable: 'any' })
