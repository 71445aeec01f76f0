import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type BetterSqlite3 from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { BaseError, messageOf } from '../model/errors.ts'
import * as alertSchema from './alert-schema.ts'
import * as baseSchema from './schema.ts'
import { SQLite } from './sqlite.ts'
import * as viewSchema from './view-schema.ts'
import { LOG_PAGES_MAX, moveLogLater } from './write-ahead-log.ts'

const schema = { ...baseSchema, ...alertSchema, ...viewSchema }

export type Database = BetterSQLite3Database<typeof schema> & { readonly $client: BetterSqlite3.Database }

export class DatabaseUnavailableError extends BaseError {
  override readonly name = 'DatabaseUnavailableError'
  constructor(file: string, cause: unknown) {
    super(`cannot open the database ${file}: ${messageOf(cause)}`, {
      remedy: 'Check that its folder exists and is writable, or set store.file to another place.',
      cause,
    })
  }
}

export class DatabaseMissingError extends BaseError {
  override readonly name = 'DatabaseMissingError'
  constructor(file: string) {
    super(`there is no database ${file}`, {
      remedy: 'Run "plimsoll watch" or "plimsoll sync" first, or set store.file to where it is.',
    })
  }
}

export class DatabaseTooNewError extends BaseError {
  override readonly name = 'DatabaseTooNewError'
  constructor(file: string) {
    super(`the database ${file} was written by a newer version of Plimsoll`, {
      remedy: 'Update Plimsoll, or set store.file to another place.',
    })
  }
}

export class DatabaseTooOldError extends BaseError {
  override readonly name = 'DatabaseTooOldError'
  constructor(file: string) {
    super(`the database ${file} was written by an older version of Plimsoll`, {
      remedy: 'Run "plimsoll watch" or "plimsoll sync" once: it brings the database to this version.',
    })
  }
}

export class DatabaseLockedError extends BaseError {
  override readonly name = 'DatabaseLockedError'
  constructor(file: string) {
    super(`another plimsoll process writes to ${file}`, {
      remedy: 'Stop that "plimsoll watch" or "plimsoll sync" first; reading commands work beside it.',
    })
  }
}

/** A write that the disk or the file system refused. The transaction is rolled back: what was committed before stays. */
export class DatabaseFullError extends BaseError {
  override readonly name = 'DatabaseFullError'
  constructor(file: string, cause: unknown) {
    super(`cannot write to the database ${file}: ${messageOf(cause)}`, {
      remedy:
        'Free space on its disk, make it writable, or set store.file to another place. Nothing is lost: what could not be written is tried again.',
      cause,
    })
  }
}

/** Full, failing and write-protected disks, by the beginnings of SQLite's names for them. */
const REFUSED_WRITE = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/

const isRefusedWrite = (error: unknown): boolean => {
  for (let at = error as { code?: unknown; cause?: unknown } | undefined; at; at = at.cause as typeof at)
    if (typeof at.code === 'string' && REFUSED_WRITE.test(at.code)) return true
  return false
}

/** Does something that writes. Throws `DatabaseFullError` where the disk refuses. */
export const writing = <T>(database: Database, write: () => T): T => {
  try {
    return write()
  } catch (error) {
    if (error instanceof BaseError || !isRefusedWrite(error)) throw error
    throw new DatabaseFullError(database.$client.name, error)
  }
}

/** Does it in a transaction, all or nothing. Throws `DatabaseFullError` where the disk refuses. */
export const inTransaction = <T>(database: Database, write: () => T): T => {
  const written = writing(database, () => database.transaction(write, { behavior: 'immediate' }))
  moveLogLater(database)
  return written
}

/** The folder of migrations: beside `src/` in a checkout, two levels above the compiled file in a package. */
const migrationsFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'migrations', 'meta', '_journal.json'))) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new BaseError('the folder "migrations" is missing', { remedy: 'Install Plimsoll again.' })
    folder = parent
  }
  return join(folder, 'migrations')
}

const newestKnownMigration = (): number => {
  const journal = JSON.parse(readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  return Math.max(...journal.entries.map(({ when }) => when))
}

const newestAppliedMigration = (client: BetterSqlite3.Database): number | undefined => {
  const table = client.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get()
  if (!table) return undefined
  const row = client.prepare('SELECT max(created_at) AS newest FROM __drizzle_migrations').get() as {
    newest: number
  }
  return row.newest
}

const open = (file: string, options: BetterSqlite3.Options): Database => {
  const client = new SQLite(file, { timeout: 5_000, ...options })
  return drizzle(client, { schema })
}

const checkVersion = (database: Database, file: string): void => {
  const applied = newestAppliedMigration(database.$client)
  if (applied !== undefined && applied > newestKnownMigration()) {
    database.$client.close()
    throw new DatabaseTooNewError(file)
  }
}

/**
 * Opens the database for writing, making it or bringing it to this version's schema. WAL with full durability: a
 * commit survives a kill and a power cut. Throws `DatabaseUnavailableError` or `DatabaseTooNewError`.
 */
export const openDatabase = (file: string): Database => {
  try {
    const database = open(file, {})
    checkVersion(database, file)
    database.$client.pragma('journal_mode = WAL')
    database.$client.pragma('synchronous = FULL')
    database.$client.pragma(`wal_autocheckpoint = ${LOG_PAGES_MAX}`)
    migrate(database, { migrationsFolder: migrationsFolder() })
    return database
  } catch (error) {
    if (error instanceof BaseError) throw error
    throw new DatabaseUnavailableError(file, error)
  }
}

/** Opens an existing database for reading beside a writer. Throws as `openDatabase`, `DatabaseMissingError`, and `DatabaseTooOldError`. */
export const openDatabaseReadonly = (file: string): Database => {
  if (!existsSync(file)) throw new DatabaseMissingError(file)
  try {
    const database = open(file, { readonly: true })
    checkVersion(database, file)
    if ((newestAppliedMigration(database.$client) ?? 0) < newestKnownMigration()) {
      database.$client.close()
      throw new DatabaseTooOldError(file)
    }
    return database
  } catch (error) {
    if (error instanceof BaseError) throw error
    throw new DatabaseUnavailableError(file, error)
  }
}

/**
 * Claims the right to write to a database until `release()`. The claim is an exclusive lock on a file beside it that
 * the system drops with the process, so that a kill leaves nothing to clean up. Throws `DatabaseLockedError`.
 */
export const lockDatabase = (file: string): { release(): void } => {
  try {
    const lock = new SQLite(`${file}.lock`, { timeout: 0 })
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return { release: () => lock.close() }
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new DatabaseLockedError(file)
    throw new DatabaseUnavailableError(file, error)
  }
}
