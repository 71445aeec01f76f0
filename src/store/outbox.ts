import { and, asc, eq, gt, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Notification } from '../model/alert.ts'
import { outbox } from './alert-schema.ts'
import { type Database, writing } from './database.ts'

/** Puts notifications into the outbox; one that is there already stays as it is. Runs inside the caller's transaction. */
export const enqueue = (database: Database, notifications: readonly Notification[]): void => {
  for (const notification of notifications)
    database
      .insert(outbox)
      .values({
        id: notification.id,
        fingerprint: (notification.kind === 'alert' && notification.group) || notification.fingerprint,
        receiver: notification.receiver,
        notification,
      })
      .onConflictDoNothing()
      .run()
}

/** A notification that waits for delivery. `attemptCount` counts the failed attempts so far. */
export type OutboxEntry = {
  readonly sequence: number
  readonly notification: Notification
  readonly attemptCount: number
}

const undelivered = and(isNull(outbox.deliveredAtMs), isNull(outbox.deadAtMs))

/** Receivers for whom a notification waits. */
export const waitingReceivers = (database: Database): readonly string[] =>
  database
    .selectDistinct({ receiver: outbox.receiver })
    .from(outbox)
    .where(undelivered)
    .all()
    .map(({ receiver }) => receiver)

/**
 * Notifications for a receiver whose time has come, oldest first. Of one fingerprint only the oldest is answered, so that a
 * later message never overtakes an earlier one.
 */
export const dueNotifications = (
  database: Database,
  receiver: string,
  nowMs: number,
  limit: number,
): readonly OutboxEntry[] => {
  const first = database
    .select({ sequence: sql<number>`min(${outbox.sequence})`.as('first_sequence') })
    .from(outbox)
    .where(and(undelivered, eq(outbox.receiver, receiver)))
    .groupBy(outbox.fingerprint)
    .as('first')
  return database
    .select({
      sequence: outbox.sequence,
      notification: outbox.notification,
      attemptCount: outbox.attemptCount,
    })
    .from(outbox)
    .innerJoin(first, eq(first.sequence, outbox.sequence))
    .where(lte(outbox.nextAttemptAtMs, nowMs))
    .orderBy(asc(outbox.sequence))
    .limit(limit)
    .all()
    .map((row) => ({ ...row, notification: row.notification as Notification }))
}

/** When the next notification that waits for a receiver is due, in unix milliseconds; undefined when none waits. */
export const nextDueAtMs = (database: Database, receiver: string): number | undefined => {
  const [row] = database
    .select({ at: sql<number | null>`min(${outbox.nextAttemptAtMs})` })
    .from(outbox)
    .where(and(undelivered, eq(outbox.receiver, receiver)))
    .all()
  return row?.at ?? undefined
}

/** Notes that a notification has arrived. Throws `DatabaseFullError`, as all that writes here. */
export const markDelivered = (database: Database, sequence: number, atMs: number): void => {
  writing(database, () =>
    database
      .update(outbox)
      .set({ deliveredAtMs: atMs, lastError: null })
      .where(eq(outbox.sequence, sequence))
      .run(),
  )
}

export const markFailed = (
  database: Database,
  sequence: number,
  error: string,
  nextAttemptAtMs: number,
): void => {
  writing(database, () =>
    database
      .update(outbox)
      .set({ attemptCount: sql`${outbox.attemptCount} + 1`, lastError: error, nextAttemptAtMs })
      .where(eq(outbox.sequence, sequence))
      .run(),
  )
}

/** Gives a notification up: it stays in the outbox, visible, and holds nothing back. */
export const markDead = (database: Database, sequence: number, error: string, atMs: number): void => {
  writing(database, () =>
    database
      .update(outbox)
      .set({ attemptCount: sql`${outbox.attemptCount} + 1`, lastError: error, deadAtMs: atMs })
      .where(eq(outbox.sequence, sequence))
      .run(),
  )
}

/** Makes everything due that waits for a receiver. */
export const hastenOutbox = (database: Database, receiver: string, atMs: number): void => {
  writing(database, () =>
    database
      .update(outbox)
      .set({ nextAttemptAtMs: atMs })
      .where(and(undelivered, eq(outbox.receiver, receiver), gt(outbox.nextAttemptAtMs, atMs)))
      .run(),
  )
}

/** Removes what was delivered before a time; dead letters stay. */
export const pruneOutbox = (database: Database, beforeMs: number): void => {
  writing(database, () =>
    database
      .delete(outbox)
      .where(and(isNotNull(outbox.deliveredAtMs), lte(outbox.deliveredAtMs, beforeMs)))
      .run(),
  )
}
