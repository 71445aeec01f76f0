import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pad, toHex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../model/alert.ts'
import { outbox } from '../store/alert-schema.ts'
import { writeAlerts } from '../store/alerts.ts'
import { type Database, DatabaseFullError, openDatabase } from '../store/database.ts'
import { jobRecord } from '../store/jobs.ts'
import { type DigestInput, sendDigests } from './digest.ts'

const DAY = 86_400
const UNTIL = 1_800_000_000
const MINE = pad(toHex(1), { size: 20 })
const THEIRS = pad(toHex(2), { size: 20 })

let database: Database
beforeEach(() => {
  database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-digest-')), 'plimsoll.db'))
})
afterEach(() => database.$client.close())

const input = (more: Partial<DigestInput> = {}): DigestInput => ({
  database,
  watches: [{ account: MINE, label: 'treasury', receivers: ['me'] }],
  states: [],
  receivers: ['me'],
  ...{ since: UNTIL - DAY, until: UNTIL, nowMs: UNTIL * 1_000 },
  ...more,
})

const fire = (
  rule: string,
  account: string | undefined,
  startsAt: number,
  state: Alert['state'] = 'firing',
): void =>
  writeAlerts(database, 1, [
    {
      ...{ fingerprint: rule, rule, subject: rule, severity: 'warning', state },
      labels: account ? { account } : {},
      annotations: { summary: `${rule} is so` },
      ...{ activeAt: startsAt, startsAt, block: { chainId: 1, number: 1n, hash: '0x', timestamp: startsAt } },
    },
  ])

const sent = () =>
  database
    .select()
    .from(outbox)
    .all()
    .map(({ notification }) => notification as Record<string, unknown>)

test('a digest has what fires and how much fired in its span, of its receiver’s accounts and of nobody’s', () => {
  fire('Mine', MINE, UNTIL - 60)
  fire('Long', MINE, UNTIL - 3 * DAY)
  fire('Over', MINE, UNTIL - 120, 'resolved')
  fire('Theirs', THEIRS, UNTIL - 60)
  fire('Disk', undefined, UNTIL - 30)
  sendDigests('digest', input())
  expect(sent()).toMatchObject([
    {
      ...{ kind: 'digest', receiver: 'me', since: UNTIL - DAY, until: UNTIL, loans: [], firedCount: 3 },
      firing: [
        { rule: 'Disk', severity: 'warning', summary: 'Disk is so' },
        { rule: 'Mine' },
        { rule: 'Long' },
      ],
    },
  ])
  expect(jobRecord(database, 'digest')).toMatchObject({ doneAtMs: UNTIL * 1_000 })
})

test('a digest that was put out before a kill stays as it was; the next day has another', () => {
  sendDigests('digest', input())
  const [first] = sent()
  fire('Mine', MINE, UNTIL - 60)
  sendDigests('digest', input({ nowMs: (UNTIL + 60) * 1_000 }))
  expect(sent()).toEqual([first])
  sendDigests('digest', input({ since: UNTIL, until: UNTIL + DAY }))
  expect(new Set(sent().map(({ id }) => id)).size).toBe(2)
})

test('a disk that is full takes neither the digest nor the record', () => {
  database.$client.pragma('query_only = ON')
  expect(() => sendDigests('digest', input({ receivers: ['me', 'team'] }))).toThrow(DatabaseFullError)
  database.$client.pragma('query_only = OFF')
  expect([sent(), jobRecord(database, 'digest')]).toEqual([[], undefined])
})
