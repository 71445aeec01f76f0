import type { Database } from './database.ts'
import { preparedFor } from './statements.ts'

/** How delivery to one receiver stands. `oldestSequence` and `lastError` are of messages that wait; null where none does. */
export type ReceiverHealth = {
  readonly receiver: string
  readonly waitingCount: number
  readonly oldestSequence: number | null
  readonly deadCount: number
  readonly lastError: string | null
}

const statementsOf = preparedFor({
  health: `SELECT receiver,
      sum(delivered_at_ms IS NULL AND dead_at_ms IS NULL) AS waitingCount,
      min(CASE WHEN delivered_at_ms IS NULL AND dead_at_ms IS NULL THEN sequence END) AS oldestSequence,
      sum(dead_at_ms IS NOT NULL AND dead_at_ms >= @deadSinceMs) AS deadCount,
      max(CASE WHEN delivered_at_ms IS NULL THEN last_error END) AS lastError
    FROM outbox WHERE delivered_at_ms IS NULL AND (dead_at_ms IS NULL OR dead_at_ms >= @deadSinceMs) GROUP BY receiver`,
  newest: 'SELECT max(sequence) AS sequence FROM outbox',
})

/** Receivers for whom something waits or was given up since a moment, unix milliseconds. */
export const receiverHealth = (database: Database, deadSinceMs: number): readonly ReceiverHealth[] =>
  statementsOf(database).health.all({ deadSinceMs }) as ReceiverHealth[]

/** The number of the newest message of the outbox; 0 where it is empty. */
export const newestSequence = (database: Database): number =>
  (statementsOf(database).newest.get() as { sequence: number | null }).sequence ?? 0
