// Random lives of alerts told by a desk over a database, restarted at will: what is told is right, once, and never depends on a restart.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { plainReceiver, plainSettings } from '../../test/support/desk.ts'
import { sized } from '../../test/support/size.ts'
import { changeOf, type Told } from '../../test/support/told.ts'
import type { NotifySettings } from '../alerts/settings.ts'
import type { AlertStatus, Notification, Severity } from '../model/alert.ts'
import type { Decision } from '../model/notice.ts'
import { writeAcknowledgement } from '../store/acknowledgements.ts'
import { pruneAlertRecords } from '../store/alert-records.ts'
import {
  acknowledgements,
  alerts,
  decisions as decisionTable,
  notices,
  outbox,
  silences,
} from '../store/alert-schema.ts'
import { commitAlerts } from '../store/commit.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { writeSilence } from '../store/silences.ts'
import { createDesk } from './desk.ts'

const RECEIVERS = ['phone', 'night', 'hook'] as const
const HOUR_MS = 3_600_000

const settings: NotifySettings = {
  ...plainSettings([]),
  groupMin: 1,
  repeatSeconds: { info: 0, warning: 7_200, critical: 3_600 },
  escalate: [{ afterSeconds: 1_800, severity: 'critical', receivers: ['boss'] }],
  receivers: new Map([
    ['phone', { ...plainReceiver, isForPeople: true }],
    ['night', { ...plainReceiver, quietHours: { from: '22:00', to: '07:00', timezone: 'Europe/Berlin' } }],
    ['hook', { ...plainReceiver, sendResolved: false }],
    ['boss', plainReceiver],
  ]),
}

const RULES: Readonly<Record<string, Severity>> = { Near: 'warning', Close: 'critical', Note: 'info' }

/** One moment: time passes, an alert turns, somebody silences or acknowledges. */
type Moment = {
  readonly minutes: number
  readonly turn:
    | { readonly name: string; readonly account: string; readonly isRetracted: boolean }
    | undefined
  readonly silence: { readonly match: Readonly<Record<string, string>>; readonly minutes: number } | undefined
  readonly acknowledges: boolean
  readonly restarts: boolean
}

const moment: fc.Arbitrary<Moment> = fc.record({
  minutes: fc.integer({ min: 1, max: 200 }),
  turn: fc.option(
    fc.record({
      name: fc.constantFrom(...Object.keys(RULES)),
      account: fc.constantFrom('me', 'you'),
      isRetracted: fc.boolean(),
    }),
    { nil: undefined, freq: 3 },
  ),
  silence: fc.option(
    fc.record({
      match: fc.constantFrom<Readonly<Record<string, string>>>(
        { account: 'me' },
        { severity: 'warning' },
        { alertname: '/C.*/', account: 'you' },
      ),
      minutes: fc.integer({ min: 10, max: 600 }),
    }),
    { nil: undefined, freq: 8 },
  ),
  acknowledges: fc.boolean(),
  restarts: fc.boolean(),
})

let database: Database
beforeAll(() => {
  database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-desk-')), 'plimsoll.db'))
  database.$client.pragma('synchronous = OFF')
})

type Step = {
  readonly atMs: number
  readonly decisions: readonly Decision[]
  readonly changed: ReadonlySet<string>
}

const play = (life: readonly Moment[], mayRestart: boolean) => {
  for (const table of [acknowledgements, alerts, decisionTable, notices, outbox, silences])
    database.delete(table).run()
  let now = 0
  const open = () =>
    createDesk({ database, chainId: 1, settings, nowMs: () => now, onAccepted: () => undefined })
  let desk = open()
  const firing = new Map<string, number>()
  const steps: Step[] = []
  const read = (): readonly Decision[] =>
    database.select().from(decisionTable).all() as unknown as readonly Decision[]
  let seen = 0
  const note = (changed: readonly string[]): void => {
    const all = read()
    steps.push({ atMs: now, decisions: all.slice(seen), changed: new Set(changed) })
    seen = all.length
  }
  const commit = (told: readonly Told[]): void => {
    const changes = told.map((one) => changeOf({ ...one, receivers: RECEIVERS }))
    const { accept, notifications, notices: written, decisions } = desk.tell(changes, new Map())
    const of = { notifications, notices: written, decisions }
    commitAlerts(database, 1, { alerts: changes.map(({ alert }) => alert), cancelledAlerts: [], ...of })
    accept()
    note(told.map(({ name, account }) => `${name} of ${account}`))
  }
  for (const [index, { minutes, turn, silence, acknowledges, restarts }] of life.entries()) {
    now += minutes * 60_000
    if (mayRestart && restarts) desk = open()
    if (silence) {
      const startsAt = now / 1_000
      const endsAt = startsAt + silence.minutes * 60
      writeSilence(database, { id: `s${index}`, ...silence, startsAt, endsAt, createdBy: '', comment: '' })
      desk.lookAgain()
    }
    if (turn) {
      const { name, account } = turn
      const key = `${name} of ${account}`
      const since = firing.get(key)
      if (acknowledges && since !== undefined && index % 2 === 0) {
        writeAcknowledgement(database, { fingerprint: key, activeAt: since, atMs: now, by: '', comment: '' })
        desk.lookAgain()
        continue
      }
      const over: AlertStatus = turn.isRetracted ? 'retracted' : 'resolved'
      const about = { name, account, severity: RULES[name] ?? 'info', activeAt: since ?? index }
      commit([{ ...about, status: since === undefined ? 'firing' : over }])
      if (since === undefined) firing.set(key, index)
      else firing.delete(key)
    } else {
      desk.tellDue()
      note([])
    }
  }
  const sent = database
    .select()
    .from(outbox)
    .all()
    .map(({ notification }) => notification as Notification)
  return { steps, decisions: read(), sent, firing }
}

const keyOf = ({ fingerprint, activeAt, receiver }: Decision): string =>
  `${fingerprint} ${activeAt} ${receiver}`

test('nothing is sent without a cause, what was told has an end, and worse is always sent', () => {
  fc.assert(
    fc.property(fc.array(moment, { minLength: 5, maxLength: 40 }), (life) => {
      const { steps, firing } = play(life, true)
      const told = new Map<string, { status: string; atMs: number; last: string }>()
      for (const { decisions, changed, atMs } of steps)
        for (const one of decisions) {
          const before = told.get(keyOf(one))
          if (!one.isSent) {
            expect(before?.last, 'a reason is told once').not.toBe(one.reason)
            told.set(keyOf(one), {
              status: before?.status ?? 'nothing',
              atMs: before?.atMs ?? 0,
              last: one.reason,
            })
            continue
          }
          const status = one.reason === 'resolved' || one.reason === 'retracted' ? one.reason : 'firing'
          const seconds = settings.repeatSeconds[RULES[one.fingerprint.split(' ')[0] ?? ''] ?? 'info']
          const isDue = seconds > 0 && before?.status === 'firing' && atMs - before.atMs >= seconds * 1_000
          const isHeld = before?.status !== 'firing' && before !== undefined
          const isEscalated = one.reason === 'escalated' && before?.status !== 'firing'
          const isEndHeld = one.reason === 'resolved' && before?.last === 'quiet-hours'
          expect(
            [changed.has(one.fingerprint), isDue, isHeld, isEscalated, isEndHeld],
            `cause of ${one.reason}`,
          ).toContain(true)
          if (status !== 'firing') expect(before?.status).toBe('firing')
          told.set(keyOf(one), { status, atMs, last: one.reason })
        }
      for (const [key, { status, last }] of told) {
        if (status !== 'firing') continue
        const [name, , account, activeAt] = key.split(' ')
        const isFiring = firing.get(`${name} of ${account}`) === Number(activeAt)
        expect(isFiring || last === 'resolved-not-wanted' || last === 'quiet-hours', key).toBe(true)
      }
      const first = new Map<string, Decision>()
      for (const { decisions } of steps)
        for (const one of decisions) if (!first.has(keyOf(one))) first.set(keyOf(one), one)
      for (const one of first.values())
        if (one.fingerprint.startsWith('Close') && one.receiver !== 'boss')
          expect(['fired', 'worse', 'silenced']).toContain(one.reason)
    }),
    { numRuns: sized(25, 500) },
  )
})

test('a restart changes nothing: the same messages with the same ids, the same reasons', () => {
  fc.assert(
    fc.property(fc.array(moment, { minLength: 5, maxLength: 40 }), (life) => {
      const [calm, restarted] = [play(life, false), play(life, true)]
      const plain = ({ decisions, sent }: ReturnType<typeof play>) => ({
        sent,
        decisions: decisions.map(({ atMs: _atMs, ...one }) => ({ ...one, id: 0 })),
      })
      expect(plain(restarted)).toEqual(plain(calm))
      expect(new Set(calm.sent.map(({ id }) => id)).size).toBe(calm.sent.length)
    }),
    { numRuns: sized(15, 300) },
  )
})

test('what is over is forgotten after a time, what is open is not', () => {
  const minutes = (count: number, more: Partial<Moment> = {}): Moment => ({
    ...{ minutes: count, turn: undefined, silence: undefined, acknowledges: false, restarts: false },
    ...more,
  })
  const turn = (name: string) => ({ turn: { name, account: 'me', isRetracted: false } })
  const silence = { match: { account: 'you' }, minutes: 10 }
  play(
    [
      minutes(600, turn('Near')),
      minutes(1, turn('Note')),
      minutes(60, turn('Near')),
      minutes(1, { silence }),
    ],
    false,
  )
  pruneAlertRecords(database, 601 * 60_000)
  expect(database.select().from(notices).all().length).toBe(6)
  pruneAlertRecords(database, 48 * HOUR_MS)
  expect(
    database
      .select()
      .from(notices)
      .all()
      .map(({ fingerprint }) => fingerprint),
  ).toEqual(Array(3).fill('Note of me'))
  expect(
    database
      .select()
      .from(decisionTable)
      .all()
      .every(({ fingerprint }) => fingerprint === 'Note of me'),
  ).toBe(true)
  expect(database.select().from(silences).all()).toEqual([])
})
