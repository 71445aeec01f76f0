import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { BaseError, messageOf } from '../../model/errors.ts'
import { emailOf } from './email-message.ts'
import { connectionFault } from './http.ts'
import { type Delivery, defineKind } from './notifier.ts'

const address = z.email('is no e-mail address')

const schema = z
  .strictObject({
    host: z.string().min(1).describe('The SMTP server.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('Left out: 587, with security tls 465, with none 25.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe(
        'starttls: encrypted before anything else is said, or not sent; tls: encrypted from the start; none: readable on the way.',
      ),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: address,
    to: z.union([address.transform((one) => [one]), z.array(address).min(1)]),
    tls: z
      .strictObject({
        caFile: z
          .string()
          .min(1)
          .optional()
          .describe('A PEM file with certificates that are trusted instead of the usual ones.'),
        serverName: z
          .string()
          .min(1)
          .optional()
          .describe('The name that the certificate has to be for; left out: host.'),
        versionMin: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
      })
      .default({ versionMin: 'TLSv1.2' }),
  })
  .refine(
    ({ user, password }) => (user === undefined) === (password === undefined),
    'needs user and password together',
  )

type Settings = z.infer<typeof schema>

const TIMEOUT_MS = 20_000
const PORTS: Readonly<Record<Settings['security'], number>> = { starttls: 587, tls: 465, none: 25 }

class CertificateFileError extends BaseError {
  override readonly name = 'CertificateFileError'
  constructor(file: string, cause: unknown) {
    super(`the file of certificates ${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

const certificatesIn = async (file: string): Promise<Buffer> => {
  try {
    return await readFile(file)
  } catch (error) {
    throw new CertificateFileError(file, error)
  }
}

const transportOf = async ({ host, port, security, user, password, tls }: Settings, timeoutMs: number) => {
  // Large, and of no use to a command that sends no e-mail.
  const createTransport = (await import('nodemailer')).createTransport
  return createTransport({
    host,
    port: port ?? PORTS[security],
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: {
      minVersion: tls.versionMin,
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      ...(tls.caFile === undefined ? {} : { ca: await certificatesIn(tls.caFile) }),
    },
  })
}

type SmtpFault = {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
  readonly cause?: { readonly code?: string }
  readonly message?: string
}

const RESPONSE_CHARACTERS_MAX = 200

/** What hindered a connection: nodemailer keeps the system's own word, or OpenSSL's, in its message only. */
const connectionCode = ({ code, cause, message = '' }: SmtpFault): string | undefined => {
  const certificate =
    /self[- ]signed certificate|certificate has expired|unable to verify|does not match certificate/i.exec(
      message,
    )
  const system = /\bE[A-Z]{5,}\b/.exec(message)
  return cause?.code ?? (certificate ? `CERT: ${certificate[0]}` : (system?.[0] ?? code))
}

/** 4xx means later, 5xx never (RFC 5321, section 4.2.1); a refused login or greeting concerns every message. */
const faultOf = (error: unknown, timeoutMs: number): Delivery => {
  if (error instanceof CertificateFileError) return { ok: false, error: error.message, isReceiverWide: true }
  const fault = error as SmtpFault
  const { responseCode, response, code, command } = fault
  if (responseCode === undefined)
    return {
      ok: false,
      error:
        code === 'ETIMEDOUT' ? `no answer within ${timeoutMs} ms` : connectionFault(connectionCode(fault)),
      isReceiverWide: true,
    }
  const isOfMessage = code === 'EENVELOPE' || code === 'EMESSAGE'
  const at = command && command !== 'CONN' ? ` at ${command}` : ''
  return {
    ok: false,
    error: `the mail server answered ${(response ?? String(responseCode)).slice(0, RESPONSE_CHARACTERS_MAX)}${at}`,
    isPermanent: isOfMessage && responseCode >= 500,
    isReceiverWide: !isOfMessage,
  }
}

/** Some have it: another attempt would tell them twice. */
const refusedBy = (count: number, all: number): Delivery => ({
  ok: false,
  error: `the mail server refused ${count} of ${all} addresses; the others have the message`,
  isPermanent: true,
})

/** An e-mail as text and HTML; every notification of one episode of an alert is in one thread. */
export const email = defineKind({
  schema,
  isForPeople: true,
  secretsOf: ({ password }) => (password ? [password] : []),
  make: (settings, { timeoutMs = TIMEOUT_MS }) => ({
    send: async (notification) => {
      const { from, to } = settings
      try {
        const transport = await transportOf(settings, timeoutMs)
        const domain = from.slice(from.lastIndexOf('@') + 1)
        const { rejected } = await transport.sendMail({ from, to, ...emailOf(notification, domain) })
        return rejected.length === 0 ? { ok: true } : refusedBy(rejected.length, to.length)
      } catch (error) {
        return faultOf(error, timeoutMs)
      }
    },
  }),
})
