// Jobs on a real database and a real clock.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/support/until.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { jobRecord, markJobDone } from '../store/jobs.ts'
import { createLog } from './log.ts'
import { type Job, type Schedule, startSchedule } from './schedule.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DAILY = '0 8 * * *'
const EVERY_SECOND = '* * * * * *'
const NOW_MS = Date.parse('2026-03-10T10:00:00Z')
const DUE_MS = Date.parse('2026-03-10T08:00:00Z')

let database: Database
let nowMs: number
let lines: string[]
let schedule: Schedule | undefined
beforeEach(() => {
  database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-jobs-')), 'plimsoll.db'))
  nowMs = NOW_MS
  lines = []
})
afterEach(async () => {
  await schedule?.stop()
  schedule = undefined
  database.$client.close()
})

const start = (jobs: readonly Job[], clock = () => nowMs): Schedule => {
  schedule = startSchedule(jobs, {
    ...{ database, nowMs: clock, lateSecondsMax: 3_600 },
    log: createLog({ level: 'debug', secrets: [], isPretty: false, write: (text) => lines.push(text) }),
  })
  return schedule
}

const missedLines = (): readonly string[] => lines.filter((line) => line.includes('"event":"job-missed"'))

test('a job that was missed while nobody ran is told, done at once for its own moment, and then well', async () => {
  markJobDone(database, 'digest', NOW_MS - DAY_MS)
  const dues: number[] = []
  const { checks, catchUp } = start([
    { name: 'digest', cron: DAILY, whenMissed: 'now', run: (dueAtMs) => void dues.push(dueAtMs) },
  ])
  expect(checks()).toEqual([
    {
      name: 'JobMissed',
      subject: 'job:digest',
      isMet: true,
      detail:
        'the job digest was due at 2026-03-10T08:00:00.000Z, 2 h ago, and is not done: nobody was there to do it',
    },
  ])
  catchUp()
  await until('it is done', () => checks()[0]?.isMet === false)
  expect(dues).toEqual([DUE_MS])
  expect(missedLines()).toHaveLength(1)
  expect(jobRecord(database, 'digest')).toMatchObject({ doneAtMs: NOW_MS, failedAtMs: null })
})

test('a job that waits when missed is told until its next time', async () => {
  markJobDone(database, 'checkpoint', NOW_MS - DAY_MS)
  const run = (): never => {
    throw new Error('it was to wait')
  }
  const { checks, catchUp } = start([{ name: 'checkpoint', cron: DAILY, whenMissed: 'wait', run }])
  catchUp()
  expect(missedLines()[0]).toContain('waits for its next time')
  expect(checks()).toMatchObject([{ isMet: true }])
})

test('a job that never ran was not missed, nor one that is a little late', () => {
  nowMs = DUE_MS + HOUR_MS / 2
  markJobDone(database, 'late', DUE_MS - DAY_MS)
  const job = { cron: DAILY, whenMissed: 'wait', run: () => undefined } as const
  const { checks } = start([
    { name: 'new', ...job },
    { name: 'late', ...job },
  ])
  expect(checks()).toMatchObject([{ isMet: false }, { isMet: false }])
  nowMs = DUE_MS + 2 * HOUR_MS
  expect(checks()).toMatchObject([{ isMet: false }, { isMet: true }])
})

test('a failure is written down and said; done again, it is forgotten', async () => {
  let isBroken = true
  let nowRealMs = Date.now()
  const { checks } = start(
    [
      {
        ...{ name: 'thin', cron: EVERY_SECOND, whenMissed: 'now' },
        run: () => {
          if (isBroken) throw new Error('no room')
        },
      },
    ],
    () => Math.max(nowRealMs, Date.now()),
  )
  await until('it failed', () => jobRecord(database, 'thin')?.error === 'no room')
  nowRealMs = Date.now() + 2 * HOUR_MS
  expect(checks()).toMatchObject([{ isMet: true, detail: expect.stringContaining('it failed: no room') }])
  isBroken = false
  await until('it is done', () => jobRecord(database, 'thin')?.error === null)
  expect(checks()).toMatchObject([{ isMet: false }])
})

test('never twice at once: a time that comes too early is told as missed', async () => {
  let [running, most, isOver] = [0, 0, false]
  function* run(): Generator<void> {
    running += 1
    most = Math.max(most, running)
    while (!isOver) yield
    running -= 1
  }
  start([{ name: 'long', cron: EVERY_SECOND, whenMissed: 'now', run }], Date.now)
  await until('a time was missed', () =>
    missedLines().some((line) => line.includes('its last run is not over')),
  )
  isOver = true
  await until('it is done', () => jobRecord(database, 'long')?.doneAtMs != null)
  expect(most).toBe(1)
})

test('a job that is stopped in the middle is not done', async () => {
  let steps = 0
  function* run(): Generator<void> {
    for (;;) {
      steps += 1
      yield
    }
  }
  const { stop } = start([{ name: 'endless', cron: EVERY_SECOND, whenMissed: 'now', run }], Date.now)
  await until('it runs', () => steps > 0)
  await stop()
  expect(jobRecord(database, 'endless')).toBeUndefined()
})
