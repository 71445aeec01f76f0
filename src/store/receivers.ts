// What became of messages, by receiver: for people who look, and to send again what was given up.
import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Notification } from '../model/alert.ts'
import { outbox } from './alert-schema.ts'
import { type Database, inTransaction } from './database.ts'

/**
 * Messages of a receiver that wait, those of them that have failed before and when the first of these is tried again (unix
 * milliseconds), that arrived (as long as they are kept) and that were given up; `lastError` of the last that has not arrived.
 */
export type ReceiverCounts = {
  readonly receiver: string
  readonly waitingCount: number
  readonly failingCount: number
  readonly nextAttemptAtMs: number | null
  readonly deliveredCount: number
  readonly deadCount: number
  readonly lastError: string | null
}

const waits = sql`${outbox.deliveredAtMs} IS NULL AND ${outbox.deadAtMs} IS NULL`

/** Counts of every receiver that messages were ever for. */
export const receiverCounts = (database: Database): readonly ReceiverCounts[] => {
  const errors = new Map(
    database
      .select({ receiver: outbox.receiver, error: outbox.lastError })
      .from(outbox)
      .where(isNotNull(outbox.lastError))
      .orderBy(asc(outbox.sequence))
      .all()
      .map(({ receiver, error }) => [receiver, error]),
  )
  return database
    .select({
      receiver: outbox.receiver,
      waitingCount: sql<number>`sum(${waits})`,
      failingCount: sql<number>`sum(${waits} AND ${outbox.attemptCount} > 0)`,
      nextAttemptAtMs: sql<
        number | null
      >`min(CASE WHEN ${waits} AND ${outbox.attemptCount} > 0 THEN ${outbox.nextAttemptAtMs} END)`,
      deliveredCount: sql<number>`sum(${outbox.deliveredAtMs} IS NOT NULL)`,
      deadCount: sql<number>`sum(${outbox.deadAtMs} IS NOT NULL)`,
    })
    .from(outbox)
    .groupBy(outbox.receiver)
    .all()
    .map((row) => ({ ...row, lastError: errors.get(row.receiver) ?? null }))
}

/** A message that was given up. `deadAtMs` is unix milliseconds. */
export type DeadLetter = {
  readonly id: string
  readonly receiver: string
  readonly notification: Notification
  readonly attemptCount: number
  readonly deadAtMs: number
  readonly lastError: string | null
}

/** What was given up, newest first; of one receiver or of all. */
export const deadLetters = (
  database: Database,
  receiver: string | undefined,
  limit: number,
): readonly DeadLetter[] =>
  database
    .select()
    .from(outbox)
    .where(
      and(isNotNull(outbox.deadAtMs), receiver === undefined ? undefined : eq(outbox.receiver, receiver)),
    )
    .orderBy(desc(outbox.deadAtMs), desc(outbox.sequence))
    .limit(limit)
    .all()
    .map(({ id, receiver: name, notification, attemptCount, deadAtMs, lastError }) => ({
      ...{ id, receiver: name, attemptCount, lastError },
      notification: notification as Notification,
      deadAtMs: deadAtMs ?? 0,
    }))

/** Something later of the same alert has reached the receiver: the older message would contradict it. */
const isOutdated = sql`EXISTS (SELECT 1 FROM ${outbox} AS later
  WHERE later.receiver = ${outbox}.receiver AND later.sequence > ${outbox}.sequence AND later.delivered_at_ms IS NOT NULL
  AND json_extract(later.notification, '$.fingerprint') = json_extract(${outbox}.notification, '$.fingerprint'))`

const AFRESH = { deadAtMs: null, attemptCount: 0, nextAttemptAtMs: 0 } as const

/** Makes a message that was given up wait again, to one receiver, or whichever it did not reach; answers how many. */
export const resendOne = (database: Database, id: string, receiver?: string): number =>
  inTransaction(
    database,
    () =>
      database
        .update(outbox)
        .set(AFRESH)
        .where(
          and(
            eq(outbox.id, id),
            receiver === undefined ? undefined : eq(outbox.receiver, receiver),
            isNotNull(outbox.deadAtMs),
            isNull(outbox.deliveredAtMs),
          ),
        )
        .run().changes,
  )

/**
 * Makes everything that was given up for a receiver wait again, except for what later news of the same alert have made out of
 * date; answers how many of each.
 */
export const resendAll = (
  database: Database,
  receiver: string,
): { readonly resentCount: number; readonly outdatedCount: number } =>
  inTransaction(database, () => {
    const dead = and(eq(outbox.receiver, receiver), isNotNull(outbox.deadAtMs))
    const resent = database
      .update(outbox)
      .set(AFRESH)
      .where(and(dead, sql`NOT ${isOutdated}`))
      .run().changes
    const left = database.select({ count: sql<number>`count(*)` }).from(outbox).where(dead).all()
    return { resentCount: resent, outdatedCount: left[0]?.count ?? 0 }
  })
