import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PlainNotification } from '../model/alert.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { enqueue, markDead, markDelivered, markFailed } from '../store/outbox.ts'
import { createDeliveryWatch } from './delivery-watch.ts'
import { diskCheck } from './disk-watch.ts'

const SECONDS_MAX = 300
const DAY_MS = 86_400_000

let file: string
let database: Database
let nowMs: number
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'plimsoll-delivery-')), 'plimsoll.db')
  database = openDatabase(file)
  nowMs = 1_000_000_000_000
})
afterEach(() => database.$client.close())

let count = 0
const put = (receiver: string): void => {
  count += 1
  const id = `message ${count}`
  const message: PlainNotification = {
    kind: 'test',
    id,
    fingerprint: id,
    receiver,
    timestamp: 0,
    text: 'hello',
  }
  enqueue(database, [message])
}

const watchOf = () => {
  const look = createDeliveryWatch(database, ['me', 'team'], SECONDS_MAX, () => nowMs)
  return (afterSeconds: number): Readonly<Record<string, string>> => {
    nowMs += afterSeconds * 1_000
    return Object.fromEntries(
      look().map(({ subject = '', isMet, detail }) => [
        subject.replace('receiver:', ''),
        isMet ? detail : 'fine',
      ]),
    )
  }
}

test('a receiver fails once a message has waited for longer than its bound, and is fine once it has it', () => {
  const after = watchOf()
  expect(after(0)).toEqual({ me: 'fine', team: 'fine' })
  put('me')
  expect(after(60)).toEqual({ me: 'fine', team: 'fine' })
  markFailed(database, 1, 'the receiver answered 500', 0)
  put('me')
  expect(after(299)).toEqual({ me: 'fine', team: 'fine' })
  expect(after(1)).toEqual({
    me: 'the receiver me does not get its messages: 2 messages wait, the oldest for more than 5 min; last error: the receiver answered 500',
    team: 'fine',
  })
  markDelivered(database, 1, nowMs)
  expect(after(1)).toEqual({ me: 'fine', team: 'fine' })
  expect(after(300)).toMatchObject({ me: expect.stringContaining('1 messages wait') })
  markDelivered(database, 2, nowMs)
  expect(after(1)).toEqual({ me: 'fine', team: 'fine' })
})

test('a message that was given up is told for a day, also of a receiver that is configured no more', () => {
  const after = watchOf()
  put('gone')
  markDead(database, 1, 'no such receiver is configured', nowMs)
  expect(after(60)).toEqual({
    gone: 'the receiver gone does not get its messages: 1 messages were given up in the last day; last error: no such receiver is configured',
    me: 'fine',
    team: 'fine',
  })
  expect(after(DAY_MS / 1_000 - 60)).toMatchObject({ gone: expect.stringContaining('given up') })
  expect(after(1)).toEqual({ me: 'fine', team: 'fine' })
})

test('a disk is almost full below a size or a share of it, a file near its own bound', () => {
  const roomy = { diskFreeBytesMin: 0, diskFreeShareMin: 0 }
  expect(diskCheck(database, file, roomy)).toMatchObject({ name: 'DatabaseAlmostFull', isMet: false })
  expect(diskCheck(database, file, { ...roomy, diskFreeBytesMin: Number.MAX_SAFE_INTEGER })).toMatchObject({
    isMet: true,
    detail: expect.stringMatching(/its disk has [\d.]+ [MG]B left, [\d.]+ % of it/),
  })
  expect(diskCheck(database, file, { ...roomy, diskFreeShareMin: 1 })).toMatchObject({ isMet: true })
  expect(diskCheck(database, file, { ...roomy, databaseBytesMax: 10_000 })).toMatchObject({
    isMet: true,
    detail: expect.stringMatching(/it has 1 MB of the 1 MB that it may have/),
  })
  const pages = Number(database.$client.pragma('page_count', { simple: true }))
  database.$client.pragma(`max_page_count = ${pages + 1}`)
  expect(diskCheck(database, file, roomy)).toMatchObject({ isMet: true })
})
