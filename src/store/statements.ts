import type SQLite from 'better-sqlite3'
import type { Database } from './database.ts'

/** Statements of a database that are prepared when they are first asked for, and only once. */
export const preparedFor = <Name extends string>(
  sql: Readonly<Record<Name, string>>,
): ((database: Database) => Readonly<Record<Name, SQLite.Statement>>) => {
  const known = new WeakMap<Database, Readonly<Record<Name, SQLite.Statement>>>()
  return (database) => {
    const prepared =
      known.get(database) ??
      (Object.fromEntries(
        Object.entries<string>(sql).map(([name, text]) => [name, database.$client.prepare(text)]),
      ) as Readonly<Record<Name, SQLite.Statement>>)
    known.set(database, prepared)
    return prepared
  }
}
