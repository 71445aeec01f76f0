// The outbox on a real database, carried to a real web server that fails.
import { createHmac } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '../../test/devnet/random.ts'
import { outboxOn } from '../../test/support/outbox.ts'
import { type Receiver, startReceiver } from '../../test/support/webhook.ts'
import type { AlertNotification, Notification } from '../model/alert.ts'
import { createDeliverer, type DeliveryEvent, defaultDeliveryLimits } from './deliver.ts'
import { notifierOf } from './notifiers/index.ts'
import type { Notifier } from './notifiers/notifier.ts'

const notification = (
  id: string,
  fingerprint = id,
  status: 'firing' | 'resolved' = 'firing',
): AlertNotification => ({
  kind: 'alert',
  id,
  fingerprint,
  receiver: 'hook',
  status,
  rule: 'R',
  severity: 'warning',
  labels: {},
  annotations: {},
  startsAt: 1,
  block: null,
  assessment: null,
  risk: null,
})

const webhook = (settings: { url: string; secret?: string }, nowMs: () => number): Notifier =>
  notifierOf({ name: 'hook', webhook: settings }, { nowMs, writeLine: () => undefined })

let hook: Receiver
beforeEach(async () => {
  hook = await startReceiver()
})
afterEach(() => hook.stop())

const setUp = (notifier?: Notifier, limits = {}) => {
  let clock = 1_000_000
  const { database, outbox, put, rows } = outboxOn(
    join(mkdtempSync(join(tmpdir(), 'plimsoll-outbox-')), 'o.db'),
  )
  const events: DeliveryEvent[] = []
  const deliverer = createDeliverer({
    outbox,
    notifiers: new Map([['hook', notifier ?? webhook({ url: hook.url, secret: 'hush' }, () => clock)]]),
    limits: { ...defaultDeliveryLimits, ...limits },
    nowMs: () => clock,
    random: () => 0.5,
    sleep: async (ms) => {
      clock += ms
    },
    onEvent: (event) => events.push(event),
  })
  const deliver = () => deliverer.deliverDue(new AbortController().signal)
  return {
    put,
    rows,
    events,
    deliver,
    isFull: (isFull: boolean): void => {
      database.$client.pragma(`query_only = ${isFull ? 'ON' : 'OFF'}`)
    },
    pass: (ms: number): void => {
      clock += ms
    },
    now: () => clock,
  }
}

describe('a webhook', () => {
  test('is signed over time and body, and does not hold the receiver’s name', async () => {
    const { put, deliver, now } = setUp()
    put([notification('a')])
    await deliver()
    const [{ text, signature, body }] = hook.received as [(typeof hook.received)[number]]
    const t = Math.floor(now() / 1_000)
    expect(signature).toBe(`t=${t},v1=${createHmac('sha256', 'hush').update(`${t}.${text}`).digest('hex')}`)
    expect(body).toMatchObject({ id: 'a', status: 'firing' })
    expect(text).not.toContain('receiver')
  })

  test('is tried again under the same id until it is taken', async () => {
    const { put, deliver, pass, rows } = setUp()
    put([notification('a')])
    for (const status of [500, 429, 503]) {
      hook.answer(status)
      await deliver()
      pass(3_600_000)
    }
    hook.answer(200)
    await deliver()
    expect(hook.received.map(({ body }) => body.id)).toEqual(['a', 'a', 'a', 'a'])
    expect(rows()).toMatchObject([{ attemptCount: 3, lastError: null }])
  })

  test('waits as long as the receiver asks', async () => {
    const { put, deliver, pass } = setUp()
    put([notification('a')])
    hook.answer(429, { 'retry-after': '500' })
    await deliver()
    pass(499_000)
    expect(await deliver()).toBe(0)
    pass(1_000)
    expect(await deliver()).toBe(1)
  })

  test('is given up where trying again is pointless, or has been tried enough; what waits behind goes on', async () => {
    const { put, deliver, events } = setUp()
    put([notification('a', 'f'), notification('b', 'f', 'resolved')])
    hook.answer(404)
    await deliver()
    expect(events.map(({ kind, notification: { id } }) => `${kind} ${id}`)).toEqual(['dead a', 'dead b'])
    const worn = setUp(undefined, { attemptsMax: 1 })
    worn.put([notification('c')])
    hook.answer(500)
    await worn.deliver()
    expect(worn.events.map(({ kind }) => kind)).toEqual(['dead'])
  })

  test('to nowhere fails without a word of the address', async () => {
    const { put, deliver, events } = setUp(webhook({ url: 'http://127.0.0.1:1/secretpath' }, () => 0))
    put([notification('a')])
    await deliver()
    expect(events).toMatchObject([{ kind: 'failed', error: expect.stringContaining('no connection') }])
    expect(JSON.stringify(events)).not.toContain('secretpath')
  })
})

describe('a receiver', () => {
  test('that asks for rest is left alone, and nothing is given up for that', async () => {
    const { put, deliver, pass, rows } = setUp(undefined, { inFlightMax: 1, attemptsMax: 1 })
    put([notification('a'), notification('b')])
    hook.answer(429, { 'retry-after': '500' })
    expect(await deliver()).toBe(1)
    pass(499_000)
    expect(await deliver()).toBe(0)
    hook.answer(200)
    pass(1_000)
    expect(await deliver()).toBe(2)
    expect(rows().map(({ deadAtMs }) => deadAtMs)).toEqual([null, null])
  })

  test('that is away is asked one message at a time, rarer and rarer, and hears everything once it is back', async () => {
    const { put, deliver, pass, now, rows } = setUp()
    put(Array.from({ length: 20 }, (_, index) => notification(`n${index}`)))
    hook.answer(503)
    await deliver()
    expect(hook.received).toHaveLength(8)
    const asked: number[] = []
    while (asked.length < 12) {
      pass(5_000)
      if ((await deliver()) > 0) asked.push(now())
    }
    expect(hook.received).toHaveLength(20)
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
    expect(pauses.at(-1)).toBe(450_000)
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses)
    hook.answer(200)
    pass(450_000)
    await deliver()
    expect(rows().every(({ deliveredAtMs }) => deliveredAtMs !== null)).toBe(true)
  })

  test('gets no more in a minute than it takes', async () => {
    const taken: string[] = []
    const slow: Notifier = {
      ...{ inFlightMax: 1, messagesPerMinuteMax: 3 },
      send: async ({ id }) => {
        taken.push(id)
        return { ok: true }
      },
    }
    const { put, deliver, pass } = setUp(slow)
    put(Array.from({ length: 7 }, (_, index) => notification(`n${index}`)))
    const counts: number[] = []
    for (const ms of [0, 59_999, 1, 60_000]) {
      pass(ms)
      await deliver()
      counts.push(taken.length)
    }
    expect(counts).toEqual([3, 3, 6, 7])
    expect(taken).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'])
  })
})

test('a message for a receiver that is no longer configured is given up, visibly', async () => {
  const { put, deliver, events } = setUp()
  put([{ ...notification('a'), receiver: 'gone' }])
  await deliver()
  expect(events).toMatchObject([{ kind: 'dead', error: expect.stringContaining('no such receiver') }])
})

test('what a full disk does not take is sent once, written down later, and holds nothing else back', async () => {
  const { put, deliver, events, isFull, pass, rows } = setUp(undefined, { inFlightMax: 1 })
  put([notification('a', 'f'), notification('b'), notification('c', 'f', 'resolved')])
  isFull(true)
  for (let round = 0; round < 3; round++) {
    await deliver()
    pass(60_000)
  }
  const sent = () => hook.received.map(({ body }) => body.id)
  expect(sent()).toEqual(['a', 'b'])
  expect(events.map(({ kind, notification: { id } }) => `${kind} ${id}`)).toEqual([
    'delivered a',
    'unrecorded a',
    'delivered b',
    'unrecorded b',
  ])
  expect(rows().every(({ deliveredAtMs }) => deliveredAtMs === null)).toBe(true)
  isFull(false)
  await deliver()
  expect(sent()).toEqual(['a', 'b', 'c'])
  expect(rows().every(({ deliveredAtMs }) => deliveredAtMs !== null)).toBe(true)
})

test('with a third of all attempts failing, each arrives at least once, in order per alert', async () => {
  const random = createRandom(3)
  const taken: Notification[] = []
  const flaky: Notifier = {
    send: async (one) => {
      if (random.chance(0.34)) return { ok: false, error: 'injected' }
      taken.push(one)
      return { ok: true }
    },
  }
  const { put, deliver, pass, rows } = setUp(flaky)
  const all = Array.from({ length: 300 }, (_, index) =>
    notification(`n${index}`, `f${index % 20}`, index % 40 < 20 ? 'firing' : 'resolved'),
  )
  put(all)
  put(all)
  for (let round = 0; round < 200 && rows().some(({ deliveredAtMs }) => deliveredAtMs === null); round++) {
    await deliver()
    pass(600_000)
  }
  expect(new Set(taken.map(({ id }) => id)).size).toBe(300)
  expect(taken).toHaveLength(300)
  for (let alert = 0; alert < 20; alert++) {
    const order = taken
      .filter(({ fingerprint }) => fingerprint === `f${alert}`)
      .map(({ id }) => Number(id.slice(1)))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
})

test('a receiver that does not answer delays no other, not even with what comes later', async () => {
  const { outbox, put, rows } = outboxOn(join(mkdtempSync(join(tmpdir(), 'plimsoll-outbox-')), 'o.db'))
  const stop = new AbortController()
  let answer = (): void => undefined
  const silent: Notifier = {
    send: () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true })
      }),
  }
  const deliverer = createDeliverer({
    outbox,
    notifiers: new Map([
      ['silent', silent],
      ['hook', { send: async () => ({ ok: true }) }],
    ]),
    limits: defaultDeliveryLimits,
    nowMs: () => 1,
    random: () => 0.5,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
    onEvent: () => undefined,
  })
  put([{ ...notification('stuck'), receiver: 'silent' }, notification('a')])
  const running = deliverer.run(stop.signal)
  await new Promise((resolve) => setTimeout(resolve, 10))
  put([notification('b')])
  deliverer.kick()
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(rows().map(({ id, deliveredAtMs }) => [id, deliveredAtMs !== null])).toEqual([
    ['stuck', false],
    ['a', true],
    ['b', true],
  ])
  stop.abort()
  answer()
  await running
})
