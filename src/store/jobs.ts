// When each job was last done, and what it failed with since.
import { eq } from 'drizzle-orm'
import { jobs } from './alert-schema.ts'
import { type Database, writing } from './database.ts'

/** Times are unix milliseconds; `failedAtMs` and `error` are null once it was done again. */
export type JobRecord = typeof jobs.$inferSelect

/** What is known of a job; undefined where it never ran. */
export const jobRecord = (database: Database, name: string): JobRecord | undefined =>
  database.select().from(jobs).where(eq(jobs.name, name)).all()[0]

const write = (database: Database, record: Omit<JobRecord, 'doneAtMs'> & { doneAtMs?: number }): void => {
  database.insert(jobs).values(record).onConflictDoUpdate({ target: jobs.name, set: record }).run()
}

/** Notes that a job was done. Throws `DatabaseFullError` outside a transaction; inside one it is part of it. */
export const markJobDone = (database: Database, name: string, doneAtMs: number): void => {
  writing(database, () => write(database, { name, doneAtMs, failedAtMs: null, error: null }))
}

/** Notes that a job failed; when it was last done stays. */
export const markJobFailed = (database: Database, name: string, failedAtMs: number, error: string): void => {
  writing(database, () => write(database, { name, failedAtMs, error }))
}
