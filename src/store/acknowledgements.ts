import type { Acknowledgement } from '../model/notice.ts'
import { acknowledgements as table } from './alert-schema.ts'
import { type Database, writing } from './database.ts'

/** Writes that somebody has taken an episode on; the first to do so stays. Throws `DatabaseFullError`. */
export const writeAcknowledgement = (database: Database, acknowledgement: Acknowledgement): void => {
  writing(database, () => database.insert(table).values(acknowledgement).onConflictDoNothing().run())
}

/** All that are remembered. */
export const listAcknowledgements = (database: Database): readonly Acknowledgement[] =>
  database.select().from(table).all()
