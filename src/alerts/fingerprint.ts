import { createHash } from 'node:crypto'

const HEX_DIGITS = 32

const hashOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, HEX_DIGITS)

/** Names an alert for good: the same rule on the same subject with the same labels has the same fingerprint. */
export const fingerprintOf = (
  rule: string,
  subject: string,
  labels: Readonly<Record<string, string>>,
): string => hashOf([rule, subject, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])

/** Names one message for good, so that its repetition after a crash is known as such. */
export const notificationId = (
  fingerprint: string,
  activeAt: number,
  status: string,
  receiver: string,
): string => hashOf([fingerprint, activeAt, status, receiver])
