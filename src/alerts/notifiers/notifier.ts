import type { Notification } from '../../model/alert.ts'

/** What became of a message. `isPermanent`: another attempt would fail the same way. */
export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly error: string
      readonly retryAfterMs?: number
      readonly isPermanent?: boolean
    }

/** Carries messages to one receiver, in limited time. Never throws; never says an address or a secret in an error. */
export type Notifier = { send(notification: Notification): Promise<Delivery> }
