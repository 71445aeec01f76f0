import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SelfCheck } from '../monitor/judge.ts'
import { outbox } from '../store/alert-schema.ts'
import { listAlerts } from '../store/alerts.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { type Config, publicConfig } from './config/config.ts'
import { judgeOf } from './follow-chain.ts'
import { createLog } from './log.ts'
import { createSelfWatch, NO_CHAIN } from './self-watch.ts'
import { engineOf } from './watch.ts'

const config: Config = { ...publicConfig([]), receivers: [{ name: 'me', console: true }] }
const failing: SelfCheck = {
  name: 'DeliveryFailing',
  subject: 'receiver:me',
  isMet: true,
  detail: 'no answer',
}

let database: Database
let nowMs: number
let lines: string[]
beforeEach(() => {
  database = openDatabase(join(mkdtempSync(join(tmpdir(), 'plimsoll-self-')), 'plimsoll.db'))
  nowMs = 1_800_000_000_000
  lines = []
})
afterEach(() => database.$client.close())

/** A daemon's look at itself, as after a start; what it finds may change. */
const start = (checks: () => readonly SelfCheck[]): (() => readonly string[]) => {
  const ignore = (): void => undefined
  const engine = engineOf(config)
  const look = createSelfWatch({
    ...{ database, nowMs: () => nowMs, looks: [checks], onNotifications: ignore },
    judge: judgeOf({ engine, database, config, notifying: { add: ignore, kick: ignore } }, NO_CHAIN),
    log: createLog({ level: 'info', secrets: [], isPretty: false, write: (text) => lines.push(text) }),
  })
  return () => {
    nowMs += 60_000
    look()
    return listAlerts(database, 10).map(({ rule, state }) => `${rule} ${state}`)
  }
}

test('what is not well fires once, also over a restart, and resolves', () => {
  let found = [failing]
  expect(start(() => found)()).toEqual(['DeliveryFailing firing'])
  const look = start(() => found)
  expect(look()).toEqual(['DeliveryFailing firing'])
  found = [{ ...failing, isMet: false, detail: 'me gets its messages' }]
  expect(look()).toEqual(['DeliveryFailing resolved'])
  expect(listAlerts(database, 1)[0]?.labels).toEqual({ alertname: 'DeliveryFailing', severity: 'critical' })
  expect(lines.filter((line) => line.includes('self-check'))).toHaveLength(2)
})

test('what is of no chain names no block', () => {
  start(() => [failing])()
  expect(
    database
      .select()
      .from(outbox)
      .all()
      .map(({ notification }) => notification),
  ).toMatchObject([{ rule: 'DeliveryFailing', block: null }])
})

test('what is looked at no more is over, also after a restart', () => {
  expect(start(() => [failing])()).toEqual(['DeliveryFailing firing'])
  expect(start(() => [])()).toEqual(['DeliveryFailing resolved'])
})

test('what could not be looked at stays as it was', () => {
  expect(start(() => [failing])()).toEqual(['DeliveryFailing firing'])
  const look = start(() => {
    throw new Error('no disk')
  })
  expect(look()).toEqual(['DeliveryFailing firing'])
  expect(lines.join()).toContain('no disk')
})
