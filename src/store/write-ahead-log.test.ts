import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inTransaction, openDatabase, openDatabaseReadonly } from './database.ts'

const opened = () => {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-log-')), 'a.db')
  const database = openDatabase(file)
  database.$client.pragma('wal_checkpoint(TRUNCATE)')
  const insert = database.$client.prepare(
    'INSERT INTO versions (entry_id, valid_from, state) VALUES (?, 1, ?)',
  )
  let next = 0
  return {
    file,
    database,
    write: (rows: number) =>
      inTransaction(database, () => {
        for (let count = 0; count < rows; count++) insert.run(next++, Buffer.alloc(200))
      }),
    size: () => statSync(file).size,
  }
}

test('a large commit does not wait until its log is moved; that happens in the turn after it', async () => {
  const { database, write, size } = opened()
  const before = size()
  write(2_000)
  expect(size()).toBe(before)
  await turn()
  expect(size()).toBeGreaterThan(before)
  database.$client.close()
})

test('small commits gather before their log is moved', async () => {
  const { database, write, size } = opened()
  write(2_000)
  await turn()
  const before = size()
  write(500)
  await turn()
  expect(size()).toBe(before)
  write(500)
  await turn()
  expect(size()).toBeGreaterThan(before)
  database.$client.close()
})

test('a log that cannot be moved, or a database closed before, disturbs nobody', async () => {
  const { file, database, write, size } = opened()
  const before = size()
  write(2_000)
  const rows = database.$client.prepare('SELECT entry_id FROM versions').iterate()
  rows.next()
  await turn()
  expect(size()).toBe(before)
  rows.return?.()
  write(1)
  await turn()
  expect(size()).toBeGreaterThan(before)
  write(2_000)
  database.$client.close()
  await turn()
  const reader = openDatabaseReadonly(file)
  expect(reader.$client.prepare('SELECT count(*) AS rows FROM versions').get()).toEqual({ rows: 4_001 })
  reader.$client.close()
})
