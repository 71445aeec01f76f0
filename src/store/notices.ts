// What receivers were told of alerts: one row for each episode of an alert and receiver.
import { and, eq, exists, inArray, or, sql } from 'drizzle-orm'
import type { Alert } from '../model/alert.ts'
import type { Notice } from '../model/notice.ts'
import { alerts, notices as table } from './alert-schema.ts'
import type { Database } from './database.ts'

/** Writes notices as they are now. Runs inside the caller's transaction. */
export const writeNotices = (database: Database, notices: readonly Notice[]): void => {
  for (const notice of notices) {
    const { fingerprint, activeAt, receiver, chainId, isOpen } = notice
    database
      .insert(table)
      .values({ fingerprint, activeAt, receiver, chainId, isOpen, notice })
      .onConflictDoUpdate({
        target: [table.fingerprint, table.activeAt, table.receiver],
        set: { isOpen, notice },
      })
      .run()
  }
}

const sameEpisode = and(eq(table.fingerprint, alerts.fingerprint), eq(table.activeAt, alerts.activeAt))

/** Alerts of a chain that fire, or of which something is still to be told. */
export const untoldAlerts = (database: Database, chainId: number): readonly Alert[] =>
  database
    .select({ alert: alerts.alert })
    .from(alerts)
    .where(
      and(
        eq(alerts.chainId, chainId),
        or(
          eq(alerts.state, 'firing'),
          exists(
            database
              .select({ one: sql`1` })
              .from(table)
              .where(and(sameEpisode, eq(table.isOpen, true))),
          ),
        ),
      ),
    )
    .all()
    .map(({ alert }) => alert as Alert)

const PARAMETERS_MAX = 500

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / PARAMETERS_MAX) }, (_, index) =>
    items.slice(index * PARAMETERS_MAX, (index + 1) * PARAMETERS_MAX),
  )

/** All notices of some alerts' episodes, in the order in which they came to be. */
export const noticesOf = (
  database: Database,
  episodes: readonly Pick<Alert, 'fingerprint' | 'activeAt'>[],
): readonly Notice[] => {
  const wanted = new Set(episodes.map(({ fingerprint, activeAt }) => `${fingerprint}:${activeAt}`))
  const fingerprints = [...new Set(episodes.map(({ fingerprint }) => fingerprint))]
  return chunksOf(fingerprints)
    .flatMap((some) =>
      database
        .select({ notice: table.notice })
        .from(table)
        .where(inArray(table.fingerprint, some))
        .orderBy(sql`rowid`)
        .all(),
    )
    .map(({ notice }) => notice as Notice)
    .filter(({ fingerprint, activeAt }) => wanted.has(`${fingerprint}:${activeAt}`))
}
