import { and, asc, desc, eq, gte, inArray, like, or } from 'drizzle-orm'
import type { Alert } from '../model/alert.ts'
import { alerts as table } from './alert-schema.ts'
import type { Database } from './database.ts'

/** Writes the new state of alerts, one row per episode. Runs inside the caller's transaction. */
export const writeAlerts = (database: Database, chainId: number, alerts: readonly Alert[]): void => {
  for (const alert of alerts) {
    const row = {
      state: alert.state,
      startsAt: alert.startsAt ?? null,
      endsAt: alert.endsAt ?? null,
      alert,
    }
    database
      .insert(table)
      .values({
        fingerprint: alert.fingerprint,
        activeAt: alert.activeAt,
        chainId,
        rule: alert.rule,
        subject: alert.subject,
        ...row,
      })
      .onConflictDoUpdate({ target: [table.fingerprint, table.activeAt], set: row })
      .run()
  }
}

/** Removes episodes that never fired. Runs inside the caller's transaction. */
export const removeAlerts = (database: Database, fingerprints: readonly string[]): void => {
  if (fingerprints.length === 0) return
  database
    .delete(table)
    .where(and(inArray(table.fingerprint, [...fingerprints]), eq(table.state, 'pending')))
    .run()
}

/** Alerts of a chain that are pending or firing. */
export const openAlerts = (database: Database, chainId: number): readonly Alert[] =>
  database
    .select({ alert: table.alert })
    .from(table)
    .where(and(eq(table.chainId, chainId), inArray(table.state, ['pending', 'firing'])))
    .all()
    .map(({ alert }) => alert as Alert)

/** Alerts of a chain that are open, or over since a time (unix seconds), oldest episode first: what a reorg may still undo among them. */
export const openAlertsAndOverSince = (
  database: Database,
  chainId: number,
  timestamp: number,
): readonly Alert[] =>
  database
    .select({ alert: table.alert })
    .from(table)
    .where(
      and(
        eq(table.chainId, chainId),
        or(inArray(table.state, ['pending', 'firing']), gte(table.endsAt, timestamp)),
      ),
    )
    .orderBy(asc(table.activeAt))
    .all()
    .map(({ alert }) => alert as Alert)

/** Alerts of all chains, newest episode first; of one state only where it is given. */
export const listAlerts = (database: Database, limit: number, state?: Alert['state']): readonly Alert[] =>
  database
    .select({ alert: table.alert })
    .from(table)
    .where(state === undefined ? undefined : eq(table.state, state))
    .orderBy(desc(table.activeAt))
    .limit(limit)
    .all()
    .map(({ alert }) => alert as Alert)

/** Alerts whose fingerprint begins so (hex digits), newest episode first. */
export const alertsNamed = (database: Database, prefix: string, limit: number): readonly Alert[] =>
  database
    .select({ alert: table.alert })
    .from(table)
    .where(like(table.fingerprint, `${prefix}%`))
    .orderBy(desc(table.activeAt))
    .limit(limit)
    .all()
    .map(({ alert }) => alert as Alert)

/** Alerts of all chains that fire, newest episode first. */
export const firingAlerts = (database: Database): readonly Alert[] =>
  database
    .select({ alert: table.alert })
    .from(table)
    .where(eq(table.state, 'firing'))
    .orderBy(desc(table.activeAt))
    .all()
    .map(({ alert }) => alert as Alert)
