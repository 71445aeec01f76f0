// Alerts in pages, narrowed by what they are about.
import { and, desc, eq, lt, or, sql } from 'drizzle-orm'
import type { Alert } from '../model/alert.ts'
import { alerts as table } from './alert-schema.ts'
import type { Database } from './database.ts'

/** Where a page ended: when the episode began, its fingerprint. */
export type AlertPlace = readonly [activeAt: number, fingerprint: string]

export type AlertQuery = {
  readonly chain?: number | undefined
  readonly state?: Alert['state'] | undefined
  readonly severity?: string | undefined
  readonly rule?: string | undefined
  /** A position id, or what the watcher watches of itself. */
  readonly subject?: string | undefined
  readonly account?: string | undefined
  readonly label?: string | undefined
  /** The beginning of a fingerprint. */
  readonly fingerprint?: string | undefined
  readonly after?: AlertPlace | undefined
  readonly limit: number
}

const inAlert = (path: string, value: string | undefined) =>
  value === undefined ? undefined : sql`json_extract(${table.alert}, ${path}) = ${value}`

/** One page, newest episode first; `next` is where the next page begins, undefined on the last one. */
export const alertPage = (
  database: Database,
  { chain, state, severity, rule, subject, account, label, fingerprint, after, limit }: AlertQuery,
): { readonly alerts: readonly Alert[]; readonly next: AlertPlace | undefined } => {
  const rows = database
    .select({ alert: table.alert, activeAt: table.activeAt, fingerprint: table.fingerprint })
    .from(table)
    .where(
      and(
        chain === undefined ? undefined : eq(table.chainId, chain),
        state === undefined ? undefined : eq(table.state, state),
        rule === undefined ? undefined : eq(table.rule, rule),
        subject === undefined ? undefined : eq(table.subject, subject),
        fingerprint === undefined
          ? undefined
          : sql`substr(${table.fingerprint}, 1, ${fingerprint.length}) = ${fingerprint}`,
        inAlert('$.severity', severity),
        inAlert('$.labels.account', account),
        inAlert('$.labels.label', label),
        after &&
          or(
            lt(table.activeAt, after[0]),
            and(eq(table.activeAt, after[0]), lt(table.fingerprint, after[1])),
          ),
      ),
    )
    .orderBy(desc(table.activeAt), desc(table.fingerprint))
    .limit(limit + 1)
    .all()
  const last = rows[limit - 1]
  return {
    alerts: rows.slice(0, limit).map(({ alert }) => alert as Alert),
    next: last && rows.length > limit ? [last.activeAt, last.fingerprint] : undefined,
  }
}

/** How many alerts are pending and firing, by severity. */
export const openAlertCounts = (
  database: Database,
): readonly { readonly state: string; readonly severity: string; readonly count: number }[] =>
  database
    .select({
      state: table.state,
      severity: sql<string>`json_extract(${table.alert}, '$.severity')`.as('severity'),
      count: sql<number>`count(*)`,
    })
    .from(table)
    .where(sql`${table.state} IN ('pending', 'firing')`)
    .groupBy(table.state, sql`severity`)
    .all()
