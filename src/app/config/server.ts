// What plimsoll.yaml says of serving programs: where, to whom, and how much of it.
import { isIP } from 'node:net'
import { z } from 'zod'
import type { PathFault } from './issues.ts'

const positive = z.int().positive()

/** Shorter ones are guessed. */
const TOKEN_LENGTH_MIN = 8

const token = z
  .string()
  .min(TOKEN_LENGTH_MIN, `is too short: a token has at least ${TOKEN_LENGTH_MIN} characters`)
  .regex(/^[\x21-\x7e]+$/, 'may hold visible ASCII characters only')

const origin = z
  .string()
  .refine(
    (text) => text === '*' || (URL.canParse(text) && new URL(text).origin === text),
    'is no origin such as https://app.example.org',
  )

/** What `/v1/stream` sends, and to how many. */
const streamSchema = z.strictObject({
  clientsMax: positive.default(250),
  /** Of events that are kept for who was cut off; a client that is further behind is dropped. */
  keptBytesMax: positive.default(64 * 2 ** 20),
  heartbeatSeconds: positive.max(3_600).default(15),
  /** A client that takes nothing for so long is dropped. */
  stallSecondsMax: positive.default(30),
  /** Events of one cycle: loans whose every way to be liquidated is worked out, and loans that were written down. */
  candidatesPerCycleMax: positive.default(200),
  assessmentsPerCycleMax: positive.default(2_000),
})

/** The `server` section. `token` may read and write; `tokens` are more of them, each with what it may do. */
export const serverSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(4160),
  token: token.optional(),
  tokens: z
    .array(
      z.strictObject({ name: z.string().min(1), token, scope: z.enum(['read', 'write']).default('read') }),
    )
    .default([]),
  /** Origins whose pages may read answers; none unless listed. */
  cors: z.array(origin).default([]),
  /** Of each client: a token, or an address where none is asked for. */
  requestsPerMinuteMax: positive.default(600),
  /** Accounts that are read from the chain for all clients together. */
  liveReadsPerMinuteMax: positive.default(60),
  bodyBytesMax: positive.default(65_536),
  /** Rows of one page. */
  limitMax: positive.max(10_000).default(500),
  /** Exact assessments that one request may cost. */
  assessmentsPerRequestMax: positive.default(20_000),
  /** Loans of which every way to liquidate them is worked out for one list. */
  candidatesPerRequestMax: positive.default(500),
  /** Tables that are sent as files at once. */
  exportsMax: positive.max(16).default(2),
  stream: streamSchema.prefault({}),
})

export type ServerConfig = z.infer<typeof serverSchema>

/** Whether only this machine reaches a host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Who can be reached from elsewhere has to ask for a token; two of one name or value say nothing of who asks. */
export const serverFaults = ({
  server,
}: {
  readonly server?: ServerConfig | undefined
}): readonly PathFault[] => {
  if (!server) return []
  const { host, tokens } = server
  const isOpen = !isLoopback(host) && server.token === undefined && tokens.length === 0
  const repeated = tokens.flatMap(({ name, token: own }, index): readonly PathFault[] => {
    const before = tokens.slice(0, index)
    const path = ['server', 'tokens', index]
    if (before.some((other) => other.name === name))
      return [{ path, message: `the token ${name} is there twice` }]
    const isKnown = own === server.token || before.some((other) => other.token === own)
    return isKnown ? [{ path, message: `the token ${name} is the same as another` }] : []
  })
  return [
    ...(isOpen
      ? [
          {
            path: ['server', 'host'],
            message: `${host} can be reached from elsewhere: set server.token, or use 127.0.0.1`,
          },
        ]
      : []),
    ...repeated,
  ]
}

/** What of it must never be printed. */
export const serverSecrets = (server: ServerConfig | undefined): readonly string[] =>
  server ? [...(server.token ? [server.token] : []), ...server.tokens.map((one) => one.token)] : []
