// Tables of alerting: alerts, who was told of them, and what people decided about them.
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { stateJson } from './state-json.ts'

/** Alerts, current and past: one row per episode. `state` is the alert as `model/alert.ts` has it. */
export const alerts = sqliteTable(
  'alerts',
  {
    fingerprint: text('fingerprint').notNull(),
    activeAt: integer('active_at').notNull(),
    chainId: integer('chain_id').notNull(),
    rule: text('rule').notNull(),
    subject: text('subject').notNull(),
    state: text('state', { enum: ['pending', 'firing', 'resolved', 'retracted'] }).notNull(),
    startsAt: integer('starts_at'),
    endsAt: integer('ends_at'),
    alert: stateJson<unknown>()('alert').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fingerprint, table.activeAt] }),
    index('alerts_state').on(table.state),
  ],
)

/** Notifications to deliver, at least once each. Times are unix milliseconds of the deliverer's clock. */
export const outbox = sqliteTable(
  'outbox',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    receiver: text('receiver').notNull(),
    notification: text('notification', { mode: 'json' }).notNull(),
    attemptCount: integer('attempt_count').notNull().default(0),
    nextAttemptAtMs: integer('next_attempt_at_ms').notNull().default(0),
    deliveredAtMs: integer('delivered_at_ms'),
    deadAtMs: integer('dead_at_ms'),
    lastError: text('last_error'),
  },
  (table) => [
    uniqueIndex('outbox_id').on(table.id, table.receiver),
    index('outbox_due').on(table.deliveredAtMs, table.deadAtMs, table.nextAttemptAtMs),
  ],
)

/**
 * What a receiver was told of an episode of an alert: what it has become, how bad, when last and how often, and why the
 * last decision was taken. Times are unix milliseconds.
 */
export const notices = sqliteTable(
  'notices',
  {
    fingerprint: text('fingerprint').notNull(),
    activeAt: integer('active_at').notNull(),
    receiver: text('receiver').notNull(),
    chainId: integer('chain_id').notNull(),
    isOpen: integer('is_open', { mode: 'boolean' }).notNull(),
    notice: stateJson<unknown>()('notice').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fingerprint, table.activeAt, table.receiver] }),
    index('notices_open').on(table.chainId).where(sql`is_open = 1`),
  ],
)

/** Each time that something was sent or not sent to a receiver, and for which reason. */
export const decisions = sqliteTable(
  'decisions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    atMs: integer('at_ms').notNull(),
    chainId: integer('chain_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    activeAt: integer('active_at').notNull(),
    receiver: text('receiver').notNull(),
    isSent: integer('is_sent', { mode: 'boolean' }).notNull(),
    reason: text('reason').notNull(),
    detail: text('detail'),
    notificationId: text('notification_id'),
  },
  (table) => [
    index('decisions_alert').on(table.fingerprint, table.activeAt),
    index('decisions_time').on(table.atMs),
  ],
)

/** Alerts whose labels match are not sent from one time to another, unix seconds. */
export const silences = sqliteTable('silences', {
  id: text('id').primaryKey(),
  match: text('match', { mode: 'json' }).notNull(),
  startsAt: integer('starts_at').notNull(),
  endsAt: integer('ends_at').notNull(),
  createdBy: text('created_by').notNull(),
  comment: text('comment').notNull(),
})

/** Episodes that somebody has taken on: they are not repeated and not escalated. */
export const acknowledgements = sqliteTable(
  'acknowledgements',
  {
    fingerprint: text('fingerprint').notNull(),
    activeAt: integer('active_at').notNull(),
    atMs: integer('at_ms').notNull(),
    by: text('by').notNull(),
    comment: text('comment').notNull(),
  },
  (table) => [primaryKey({ columns: [table.fingerprint, table.activeAt] })],
)

/** Accounts under watch besides those of the configuration; `receivers` NULL speaks to all. */
export const watches = sqliteTable('watches', {
  account: text('account').primaryKey(),
  label: text('label'),
  receivers: text('receivers', { mode: 'json' }),
  createdAt: integer('created_at').notNull(),
})

/** When each job last ran to its end, and what it failed with since. Times are unix milliseconds. */
export const jobs = sqliteTable('jobs', {
  name: text('name').primaryKey(),
  doneAtMs: integer('done_at_ms'),
  failedAtMs: integer('failed_at_ms'),
  error: text('error'),
})
