import { desc, eq, gt, lt } from 'drizzle-orm'
import type { LabelMatch, Silence } from '../model/notice.ts'
import { silences as table } from './alert-schema.ts'
import { type Database, writing } from './database.ts'

const silenceOf = (row: typeof table.$inferSelect): Silence => ({ ...row, match: row.match as LabelMatch })

/** Writes a silence; one that is there already stays as it is. Throws `DatabaseFullError`, as all that writes here. */
export const writeSilence = (database: Database, silence: Silence): void => {
  writing(database, () => database.insert(table).values(silence).onConflictDoNothing().run())
}

/** Ends a silence at a time, unix seconds. */
export const endSilence = (database: Database, id: string, endsAt: number): void => {
  writing(database, () => database.update(table).set({ endsAt }).where(eq(table.id, id)).run())
}

/** Silences that are not over at a time, unix seconds. */
export const silencesAt = (database: Database, timestamp: number): readonly Silence[] =>
  database.select().from(table).where(gt(table.endsAt, timestamp)).all().map(silenceOf)

/** All that are remembered, newest first. */
export const listSilences = (database: Database): readonly Silence[] =>
  database.select().from(table).orderBy(desc(table.startsAt), table.id).all().map(silenceOf)

/** Forgets those that were over before a time, unix seconds. Runs inside the caller's transaction. */
export const forgetSilences = (database: Database, before: number): void => {
  database.delete(table).where(lt(table.endsAt, before)).run()
}
