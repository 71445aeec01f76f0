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

/** Names one message for good, so that its repetition after a crash is known as such. `repeat` counts what was told again before, from 1. */
export const notificationId = (
  fingerprint: string,
  activeAt: number,
  status: string,
  receiver: string,
  repeat = 0,
): string => hashOf([fingerprint, activeAt, status, receiver, ...(repeat === 0 ? [] : [repeat])])

/** Names the alerts that agree in some labels. */
export const groupFingerprint = (labels: readonly (readonly [name: string, value: string])[]): string =>
  hashOf(['group', labels])

/** Names one message of several alerts by the messages that it stands for. */
export const groupId = (fingerprint: string, ids: readonly string[]): string => hashOf([fingerprint, ...ids])
