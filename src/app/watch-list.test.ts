import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pad, toHex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../store/database.ts'
import { removeWatch, writeWatch } from '../store/watches.ts'
import { createWatchList, listWatches, type WatchChange } from './watch-list.ts'

const [A, B, C] = [1, 2, 3].map((index) => pad(toHex(index), { size: 20 })) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const config = {
  receivers: [
    { name: 'me', console: true as const },
    { name: 'team', console: true as const },
  ],
  watches: [{ account: A, label: 'fixed', receivers: ['me'] }],
}
const stored = { label: null, receivers: null, createdAt: 1 }

let database: Database
beforeEach(() => {
  database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-watches-')), 'plimsoll.db'))
})
afterEach(() => database.$client.close())

test('the configuration holds over the database; what is missing is told', () => {
  expect(
    listWatches(config, [
      { ...stored, account: A, label: 'other' },
      { ...stored, account: B, receivers: ['team', 'gone'] },
      { ...stored, account: C, receivers: ['gone'] },
    ]),
  ).toEqual([
    { account: A, label: 'fixed', receivers: ['me'], source: 'configuration', missing: [] },
    { account: B, receivers: ['team'], source: 'database', missing: ['gone'] },
    { account: C, receivers: ['me', 'team'], source: 'database', missing: ['gone'] },
  ])
})

test('a list that is read again changes in place and tells how', () => {
  writeWatch(database, { ...stored, account: B })
  const list = createWatchList(config, database)
  const { accounts } = list
  expect(accounts).toEqual([A, B])
  const changes: WatchChange[] = []
  list.onChange((change) => changes.push(change))
  writeWatch(database, { ...stored, account: C, label: 'new' })
  expect([removeWatch(database, B), removeWatch(database, B)]).toEqual([true, false])
  list.refresh()
  expect(changes).toEqual([{ added: [C], removed: [B] }])
  expect(accounts).toEqual([A, C])
  expect(list.watches()).toMatchObject([{ label: 'fixed' }, { label: 'new', receivers: ['me', 'team'] }])
})
