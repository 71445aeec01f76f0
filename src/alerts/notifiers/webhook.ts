import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Notification } from '../../model/alert.ts'
import { httpUrl, post } from './http.ts'
import { defineKind } from './notifier.ts'

const schema = z.strictObject({
  url: httpUrl.describe('Where each message is POSTed as JSON.'),
  secret: z
    .string()
    .min(1)
    .optional()
    .describe('Signs each body: Plimsoll-Signature: t=<unix>,v1=<hex hmac-sha256 of "t.body">.'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/, 'is no name of a header'), z.string())
    .optional()
    .describe('More headers, such as Authorization.'),
})

/** The receiver's name stays here; everything else is for whoever reads it. */
export const bodyOf = ({ receiver: _receiver, ...body }: Notification): string => JSON.stringify(body)

/** `t=<unix>,v1=<hex hmac-sha256 of "t.body">`: proves who sent it, and when. */
const signatureOf = (body: string, secret: string, timestamp: number): string =>
  `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** POSTs each message as JSON, signed where a secret is set. */
export const webhook = defineKind({
  schema,
  isForPeople: false,
  secretsOf: ({ url, secret, headers = {} }) => [url, ...(secret ? [secret] : []), ...Object.values(headers)],
  make: ({ url, secret, headers = {} }, tools) => ({
    send: (notification) => {
      const body = bodyOf(notification)
      const signature = secret && signatureOf(body, secret, Math.floor(tools.nowMs() / 1_000))
      return post(
        {
          url,
          body,
          headers: {
            ...headers,
            'idempotency-key': notification.id,
            ...(signature ? { 'plimsoll-signature': signature } : {}),
          },
        },
        tools,
      )
    },
  }),
})
