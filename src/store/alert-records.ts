// What is remembered of telling, forgotten after a time.
import { sql } from 'drizzle-orm'
import { type Database, inTransaction } from './database.ts'
import { forgetSilences } from './silences.ts'

/** Episodes that are over, and of which nothing is still to be told, since before `:before` (unix milliseconds). */
const OLD_EPISODES = sql.raw(`(
  SELECT fingerprint, active_at FROM alerts
  WHERE state IN ('resolved', 'retracted') AND NOT EXISTS (
    SELECT 1 FROM notices WHERE notices.fingerprint = alerts.fingerprint
      AND notices.active_at = alerts.active_at AND notices.is_open = 1
  )
)`)

/**
 * Forgets what was told and decided of alerts, acknowledgements and silences that were over before a time, unix
 * milliseconds; the alerts themselves stay. Throws `DatabaseFullError`.
 */
export const pruneAlertRecords = (database: Database, beforeMs: number): void => {
  inTransaction(database, () => {
    database.run(sql`
      DELETE FROM acknowledgements WHERE at_ms < ${beforeMs} AND (fingerprint, active_at) IN ${OLD_EPISODES}
    `)
    database.run(sql`
      DELETE FROM notices WHERE is_open = 0 AND (fingerprint, active_at) IN ${OLD_EPISODES} AND NOT EXISTS (
        SELECT 1 FROM decisions WHERE decisions.fingerprint = notices.fingerprint
          AND decisions.active_at = notices.active_at AND decisions.at_ms >= ${beforeMs}
      )
    `)
    database.run(sql`
      DELETE FROM decisions WHERE at_ms < ${beforeMs} AND (fingerprint, active_at) IN ${OLD_EPISODES}
    `)
    forgetSilences(database, Math.floor(beforeMs / 1_000))
  })
}
