import { kindOf, type Receiver } from '../alerts/notifiers/index.ts'
import type { ReceiverCounts } from '../store/receivers.ts'

/** A receiver with what became of its messages; `kind` is null where it is configured no more. */
export type ListedReceiver = ReceiverCounts & { readonly kind: string | null }

const NONE = {
  ...{ waitingCount: 0, failingCount: 0, nextAttemptAtMs: null },
  ...{ deliveredCount: 0, deadCount: 0, lastError: null },
} as const

/** Those who are configured, then those who are no longer but for whom there are messages. `redact` takes secrets out of errors. */
export const listReceivers = (
  receivers: readonly Receiver[],
  counts: readonly ReceiverCounts[],
  redact: (text: string) => string,
): readonly ListedReceiver[] =>
  [
    ...receivers.map((receiver) => ({
      ...(counts.find((one) => one.receiver === receiver.name) ?? { receiver: receiver.name, ...NONE }),
      kind: kindOf(receiver).name,
    })),
    ...counts
      .filter((one) => !receivers.some(({ name }) => name === one.receiver))
      .map((one) => ({ ...one, kind: null })),
  ].map((row) => ({ ...row, lastError: row.lastError === null ? null : redact(row.lastError) }))
