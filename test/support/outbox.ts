import type { Outbox } from '../../src/alerts/deliver.ts'
import type { Notification } from '../../src/model/alert.ts'
import { outbox as table } from '../../src/store/alert-schema.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import {
  dueNotifications,
  enqueue,
  hastenOutbox,
  markDead,
  markDelivered,
  markFailed,
  nextDueAtMs,
  waitingReceivers,
} from '../../src/store/outbox.ts'

/** The outbox of a database. */
export const outboxOf = (database: Database): Outbox => ({
  receivers: () => waitingReceivers(database),
  due: (receiver, nowMs, limit) => dueNotifications(database, receiver, nowMs, limit),
  nextDueAtMs: (receiver) => nextDueAtMs(database, receiver),
  delivered: (sequence, atMs) => markDelivered(database, sequence, atMs),
  failed: (sequence, error, nextAttemptAtMs) => markFailed(database, sequence, error, nextAttemptAtMs),
  dead: (sequence, error, atMs) => markDead(database, sequence, error, atMs),
  hasten: (receiver, atMs) => hastenOutbox(database, receiver, atMs),
})

/** The outbox of a database of its own. */
export const outboxOn = (file: string) => {
  const database = openDatabase(file)
  return {
    database,
    outbox: outboxOf(database),
    put: (notifications: readonly Notification[]) => enqueue(database, notifications),
    rows: () => database.select().from(table).all(),
  }
}
