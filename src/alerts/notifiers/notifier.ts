import type { z } from 'zod'
import type { Notification } from '../../model/alert.ts'

/**
 * What became of a message. `isPermanent`: another attempt would fail the same way. `isReceiverWide`: any other message would
 * fail too just now, and waits with this one. `isRateLimited`: the message is fine, there were too many. `retryAfterMs`: how
 * long the receiver wants to be left alone.
 */
export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly error: string
      readonly retryAfterMs?: number
      readonly isPermanent?: boolean
      readonly isReceiverWide?: boolean
      readonly isRateLimited?: boolean
    }

/**
 * Carries messages to one receiver, in limited time. Never throws; never says an address or a secret in an error.
 * `inFlightMax`: no more at the same time; `messagesPerMinuteMax`: no more in any minute.
 */
export type Notifier = {
  readonly inFlightMax?: number
  readonly messagesPerMinuteMax?: number
  send(notification: Notification): Promise<Delivery>
}

/** What notifiers have at hand. `nowMs` is unix milliseconds; `timeoutMs`: how long a receiver may take, where not as usual. */
export type NotifierTools = {
  readonly timeoutMs?: number
  nowMs(): number
  writeLine(line: string): void
}

/** One kind of receiver. To add one: `defineKind` in a file of its own, and a line in `receiverKinds`. */
export type ReceiverKind<S extends z.ZodType> = {
  /** What configuration says of it, under its own name. */
  readonly schema: S
  /** Messages as text, one after the other; programs get the whole of each, several at a time. */
  readonly isForPeople: boolean
  /** Nothing but alerts and tests: no summaries, no heartbeats. */
  readonly takesAlertsOnly?: true
  /** How many it takes in a minute where the configuration does not say; left out: any number. */
  readonly messagesPerMinuteMax?: number
  /** What must never be printed, addresses among them whole. */
  secretsOf(settings: z.infer<S>): readonly string[]
  make(settings: z.infer<S>, tools: NotifierTools): Notifier
}

export const defineKind = <S extends z.ZodType>(kind: ReceiverKind<S>): ReceiverKind<S> => kind
