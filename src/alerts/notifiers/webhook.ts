import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import type { Delivery, Notifier } from './notifier.ts'

export const webhookSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'is no http(s) address' }),
  secret: z.string().min(1).optional(),
})

const TIMEOUT_MS = 10_000

/** The receiver's name stays here; everything else is the body. */
const bodyOf = ({ receiver: _receiver, ...body }: Notification): string => JSON.stringify(body)

/** `t=<unix>,v1=<hex hmac-sha256 of "t.body">`: proves who sent it, and when. */
export const signatureOf = (body: string, secret: string, timestamp: number): string =>
  `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

const retryAfterMs = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined
}

const RETRYABLE_CLIENT_ERRORS = [408, 409, 425, 429]

const deliveryOf = (response: Response): Delivery => {
  if (response.ok) return { ok: true }
  const wait = retryAfterMs(response)
  const isClientError = response.status >= 400 && response.status < 500
  return {
    ok: false,
    error: `the receiver answered ${response.status}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    isPermanent: isClientError && !RETRYABLE_CLIENT_ERRORS.includes(response.status),
  }
}

const connectionError = (error: unknown): string => {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`
  return cause?.code ? `no connection (${cause.code})` : 'no connection'
}

/** POSTs each message as JSON, signed where a secret is set. Redirects are not followed. */
export const webhook = (config: z.infer<typeof webhookSchema>, nowMs: () => number): Notifier => ({
  send: async (notification) => {
    const body = bodyOf(notification)
    const signature = config.secret && signatureOf(body, config.secret, Math.floor(nowMs() / 1_000))
    try {
      const response = await fetch(config.url, {
        method: 'POST',
        body,
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'plimsoll',
          'idempotency-key': notification.id,
          ...(signature ? { 'plimsoll-signature': signature } : {}),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
      return deliveryOf(response)
    } catch (error) {
      return { ok: false, error: connectionError(error) }
    }
  },
})
