import { SNAPSHOT_CAUSES } from '../model/snapshot.ts'
import type { Database } from './database.ts'
import { positionTexts } from './entry-texts.ts'

/** What the newest snapshot of a position says of its health: parts per million, null with the reason where it could not be assessed. */
export type NewestHealth = {
  readonly entryId: number
  readonly healthPpm: number | null
  readonly isLiquidatable: boolean
  readonly reason: string | null
}

/** Entry, flags, then health or, behind an empty field, the reason; nothing where the position was closed. */
const NEWEST = `e.id || ' ' || (SELECT CASE WHEN cause <> ${SNAPSHOT_CAUSES.indexOf('closed')} THEN
  (flags & 1) || ' ' || coalesce(health_ppm, '') || ' ' || coalesce(reason, '') END
  FROM snapshots WHERE entry_id = e.id ORDER BY block_number DESC LIMIT 1)`

/** The newest health of every position of a deployment that was not closed since, by their entries, one after the other. */
export function* newestHealths(database: Database, deploymentId: number): Generator<NewestHealth> {
  for (const fields of positionTexts(database, deploymentId, NEWEST))
    while (fields.take()) {
      const entryId = fields.whole()
      fields.take()
      const isLiquidatable = fields.whole() === 1
      fields.take()
      const healthPpm = fields.end > fields.start ? fields.whole() : null
      fields.take()
      const reason =
        fields.end > fields.start
          ? Buffer.from(
              fields.text.buffer,
              fields.text.byteOffset + fields.start,
              fields.end - fields.start,
            ).toString()
          : null
      yield { entryId, healthPpm, isLiquidatable, reason }
    }
}
