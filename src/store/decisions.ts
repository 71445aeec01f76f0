// Each time that something was sent or not sent, and for which reason.
import { and, asc, eq } from 'drizzle-orm'
import type { Alert } from '../model/alert.ts'
import type { Decision } from '../model/notice.ts'
import { decisions as table } from './alert-schema.ts'
import type { Database } from './database.ts'

/** Writes decisions. Runs inside the caller's transaction. */
export const writeDecisions = (database: Database, decisions: readonly Decision[]): void => {
  for (const decision of decisions)
    database
      .insert(table)
      .values({
        ...decision,
        detail: decision.detail ?? null,
        notificationId: decision.isSent ? decision.notificationId : null,
      })
      .run()
}

/** Decisions on one episode, in their order. */
export const decisionsOf = (
  database: Database,
  { fingerprint, activeAt }: Pick<Alert, 'fingerprint' | 'activeAt'>,
): readonly Decision[] =>
  database
    .select()
    .from(table)
    .where(and(eq(table.fingerprint, fingerprint), eq(table.activeAt, activeAt)))
    .orderBy(asc(table.id))
    .all()
    .map(({ id: _id, detail, notificationId, ...row }) => {
      const about = { ...row, ...(detail === null ? {} : { detail }) }
      return (row.isSent ? { ...about, notificationId } : about) as Decision
    })
