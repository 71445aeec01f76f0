import type { SelfCheck } from '../monitor/judge.ts'
import type { Database } from '../store/database.ts'
import { newestSequence, type ReceiverHealth, receiverHealth } from '../store/outbox-health.ts'
import { formatDuration } from '../units/duration.ts'

const DAY_MS = 86_400_000

type Sample = { readonly atMs: number; readonly sequence: number }

const detailOf = (
  { receiver, waitingCount, deadCount, lastError }: ReceiverHealth,
  isLate: boolean,
  secondsMax: number,
): string => {
  const late = `${waitingCount} messages wait, the oldest for more than ${formatDuration(secondsMax)}`
  const dead = `${deadCount} messages were given up in the last day`
  const what = [...(isLate ? [late] : []), ...(deadCount > 0 ? [dead] : [])].join(', ')
  return `the receiver ${receiver} does not get its messages: ${what}${lastError ? `; last error: ${lastError}` : ''}`
}

/**
 * Watches the outbox: a receiver fails where a message has waited for longer than `secondsMax`, or one was given up within a
 * day. How long messages wait is counted from when they were first seen here.
 */
export const createDeliveryWatch = (
  database: Database,
  receivers: readonly string[],
  secondsMax: number,
  nowMs: () => number,
): (() => readonly SelfCheck[]) => {
  let samples: readonly Sample[] = []
  /** The newest message that is known to have been there so long ago. */
  const oldSequence = (atMs: number): number =>
    samples.findLast((sample) => sample.atMs <= atMs)?.sequence ?? 0
  const take = (atMs: number): void => {
    const kept = samples.findLastIndex((sample) => sample.atMs <= atMs - secondsMax * 1_000)
    samples = [...samples.slice(Math.max(0, kept)), { atMs, sequence: newestSequence(database) }]
  }
  return () => {
    const atMs = nowMs()
    take(atMs)
    const old = oldSequence(atMs - secondsMax * 1_000)
    const health = receiverHealth(database, atMs - DAY_MS)
    const failing = health.flatMap((one): readonly SelfCheck[] => {
      const isLate = one.oldestSequence !== null && one.oldestSequence <= old
      if (!isLate && one.deadCount === 0) return []
      const detail = detailOf(one, isLate, secondsMax)
      return [{ ...{ name: 'DeliveryFailing', subject: `receiver:${one.receiver}` }, isMet: true, detail }]
    })
    const subjects = new Set(failing.map(({ subject }) => subject))
    const known = [...new Set([...receivers, ...health.map(({ receiver }) => receiver)])]
    const fine = known.map(
      (receiver): SelfCheck => ({
        ...{ name: 'DeliveryFailing', subject: `receiver:${receiver}`, isMet: false },
        detail: `the receiver ${receiver} gets its messages`,
      }),
    )
    return [...failing, ...fine.filter(({ subject }) => !subjects.has(subject))]
  }
}
