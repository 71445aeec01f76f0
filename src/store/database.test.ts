import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  DatabaseLockedError,
  DatabaseMissingError,
  DatabaseTooNewError,
  DatabaseUnavailableError,
  lockDatabase,
  openDatabase,
  openDatabaseReadonly,
} from './database.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'plimsoll-database-'))

test('opens twice, and beside a writer for reading', () => {
  const file = join(folder(), 'a.db')
  openDatabase(file).$client.close()
  const writer = openDatabase(file)
  const reader = openDatabaseReadonly(file)
  expect(reader.$client.prepare('SELECT count(*) AS n FROM versions').get()).toEqual({ n: 0 })
  expect(() => reader.$client.exec('DELETE FROM versions')).toThrow()
  for (const one of [writer, reader]) one.$client.close()
})

test('a database of a newer version is left alone', () => {
  const file = join(folder(), 'new.db')
  const database = openDatabase(file)
  database.$client.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)")
  database.$client.close()
  expect(() => openDatabase(file)).toThrow(DatabaseTooNewError)
  expect(() => openDatabaseReadonly(file)).toThrow(DatabaseTooNewError)
})

test('what cannot be opened says so and how to mend it', () => {
  const file = join(folder(), 'is-a-folder')
  mkdirSync(file)
  expect(() => openDatabase(file)).toThrow(DatabaseUnavailableError)
  expect(() => openDatabase(join(folder(), 'no', 'such', 'folder.db'))).toThrow(/store\.file|folder/)
  expect(() => openDatabaseReadonly(join(folder(), 'none.db'))).toThrow(DatabaseMissingError)
})

test('only one process writes', () => {
  const file = join(folder(), 'a.db')
  const lock = lockDatabase(file)
  expect(() => lockDatabase(file)).toThrow(DatabaseLockedError)
  lock.release()
  lockDatabase(file).release()
})
