import { and, gte, lt } from 'drizzle-orm'
import type { Alert } from '../model/alert.ts'
import { alerts } from './alert-schema.ts'
import type { Database } from './database.ts'

/** Alerts of all chains that began to fire from `since` up to, not including, `until`: chain time, seconds. */
export const alertsStarted = (database: Database, since: number, until: number): readonly Alert[] =>
  database
    .select({ alert: alerts.alert })
    .from(alerts)
    .where(and(gte(alerts.startsAt, since), lt(alerts.startsAt, until)))
    .all()
    .map(({ alert }) => alert as Alert)
