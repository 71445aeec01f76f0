// One POST to a receiver: in limited time, without following redirects, its answer read as what became of the message.
import { z } from 'zod'
import type { Delivery, NotifierTools } from './notifier.ts'

/** An address that messages are sent to. */
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: ({ input }) => (input === undefined ? undefined : 'is no http(s) address'),
})

const TIMEOUT_MS = 10_000
/** Of an answer, no more is read. */
const ANSWER_CHARACTERS_MAX = 4_096
/** Of what a receiver says is wrong, no more is passed on. */
const DETAIL_CHARACTERS_MAX = 200

export type Post = {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Where a receiver says in a JSON object what is wrong, and after how many seconds to come back. */
  detailOf?(answer: unknown): string | undefined
  retryAfterSecondsOf?(answer: unknown): unknown
}

/** Node's `fetch` refuses a user and a password in an address: they go into the header that they stand for. */
const withCredentials = (address: string): { url: string; headers: Readonly<Record<string, string>> } => {
  const url = new URL(address)
  const { username, password } = url
  if (username === '' && password === '') return { url: address, headers: {} }
  url.username = ''
  url.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url: url.toString(),
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  }
}

const textOf = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length >= ANSWER_CHARACTERS_MAX) break
  }
  return text
}

/** The object that a text is; undefined of anything else. */
const objectOf = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** `retry-after` is a number of seconds or a date (RFC 9110, section 10.2.3). */
const headerWaitMs = (header: string | null, nowMs: number): number | undefined => {
  if (header === null) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

const waitMs = (
  { headers }: Response,
  { retryAfterSecondsOf }: Post,
  answer: unknown,
  nowMs: number,
): number | undefined => {
  const said = answer === undefined ? undefined : retryAfterSecondsOf?.(answer)
  const seconds = typeof said === 'number' && said >= 0 ? said : undefined
  const asked = headerWaitMs(headers.get('retry-after'), nowMs)
  if (seconds === undefined) return asked
  return Math.max(Math.ceil(seconds * 1_000), asked ?? 0)
}

const RATE_LIMITED = 429
/** Faults of who asks and of the moment, not of the message. */
const RECEIVER_WIDE = [401, 403, 407, RATE_LIMITED]
const RETRYABLE_CLIENT_ERRORS = [408, 409, 425, ...RECEIVER_WIDE]

const refusalOf = (response: Response, post: Post, text: string, nowMs: number): Delivery => {
  const { status } = response
  if (status >= 300 && status < 400)
    return {
      ok: false,
      error: `the receiver answered ${status}, a redirect, which is not followed: give the address that it leads to`,
      isReceiverWide: true,
    }
  const answer = objectOf(text)
  const detail = answer === undefined ? undefined : post.detailOf?.(answer)
  const wait = waitMs(response, post, answer, nowMs)
  const isClientError = status >= 400 && status < 500
  return {
    ok: false,
    error: `the receiver answered ${status}${detail ? `: ${detail.slice(0, DETAIL_CHARACTERS_MAX)}` : ''}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    isPermanent: isClientError && !RETRYABLE_CLIENT_ERRORS.includes(status),
    isReceiverWide: status >= 500 || RECEIVER_WIDE.includes(status),
    isRateLimited: status === RATE_LIMITED,
  }
}

/** Node's and OpenSSL's names for certificates that do not hold. */
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|ERR_TLS/

/** What hindered a connection, by its code: a certificate that is refused is told as such. */
export const connectionFault = (code: string | undefined): string => {
  if (code === undefined) return 'no connection'
  return BAD_CERTIFICATE.test(code) ? `its TLS certificate is refused (${code})` : `no connection (${code})`
}

const codeOf = (error: unknown): string | undefined => {
  const { cause } = error as { cause?: { code?: unknown; errors?: readonly { code?: unknown }[] } }
  const code = cause?.code ?? cause?.errors?.[0]?.code
  return typeof code === 'string' ? code : undefined
}

/** POSTs to a receiver. Never throws; redirects are not followed; no error holds the address. */
export const post = async (
  request: Post,
  { nowMs, timeoutMs = TIMEOUT_MS }: Omit<NotifierTools, 'writeLine'>,
): Promise<Delivery> => {
  try {
    const { url, headers } = withCredentials(request.url)
    const response = await fetch(url, {
      method: 'POST',
      body: request.body,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'plimsoll',
        ...headers,
        ...request.headers,
      },
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.ok) {
      await response.body?.cancel()
      return { ok: true }
    }
    return refusalOf(response, request, await textOf(response), nowMs())
  } catch (error) {
    const isLate = (error as { name?: string }).name === 'TimeoutError'
    return {
      ok: false,
      error: isLate ? `no answer within ${timeoutMs} ms` : connectionFault(codeOf(error)),
      isReceiverWide: true,
    }
  }
}
