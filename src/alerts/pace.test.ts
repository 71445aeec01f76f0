import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Delivery } from './notifiers/notifier.ts'
import { createPace } from './pace.ts'

const failed = (fields: object = {}): Delivery => ({ ok: false, error: 'x', ...fields })

const delivery = fc.oneof(
  fc.constant<Delivery>({ ok: true }),
  fc.constant(failed()),
  fc.constant(failed({ isReceiverWide: true })),
  fc.integer({ min: 0, max: 200_000 }).map((retryAfterMs) => failed({ retryAfterMs, isRateLimited: true })),
)

test('whatever comes back, no minute sees more than is allowed, and a receiver that wants rest gets it', () => {
  const step = fc.record({ waitMs: fc.integer({ min: 0, max: 90_000 }), outcome: delivery })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (perMinute, steps) => {
      const pace = createPace({ inFlightMax: 3, messagesPerMinuteMax: perMinute }, () => 1_000)
      const sent: number[] = []
      let [now, restUntil] = [0, 0]
      for (const { waitMs, outcome } of steps) {
        now += waitMs
        const count = pace.allowance(now)
        expect(count > 0).toBe(pace.readyAtMs(now) === now)
        if (count === 0) continue
        expect(now).toBeGreaterThanOrEqual(restUntil)
        pace.sending(count, now)
        sent.push(...Array<number>(count).fill(now))
        pace.settled(Array<Delivery>(count).fill(outcome), now)
        if (!outcome.ok) restUntil = Math.max(restUntil, now + (outcome.retryAfterMs ?? 0))
      }
      for (const at of sent)
        expect(sent.filter((other) => other >= at && other < at + 60_000).length).toBeLessThanOrEqual(
          perMinute,
        )
    }),
  )
})

test('one message after the other while all fail; back is who succeeds after three rounds of failure', () => {
  const pace = createPace({ inFlightMax: 8, messagesPerMinuteMax: undefined }, (count) => 100 * 2 ** count)
  const down = failed({ isReceiverWide: true })
  expect(pace.allowance(0)).toBe(8)
  pace.settled([down, down], 0)
  expect([pace.allowance(99), pace.allowance(100), pace.readyAtMs(5)]).toEqual([0, 1, 100])
  pace.settled([down], 100)
  pace.settled([down], 300)
  expect(pace.readyAtMs(300)).toBe(700)
  expect(pace.settled([{ ok: true }], 700)).toBe(true)
  expect(pace.allowance(700)).toBe(8)
  pace.settled([down, { ok: true }], 701)
  expect([pace.allowance(701), pace.settled([{ ok: true }], 702)]).toEqual([8, false])
})

test('no receiver is left alone for more than a day', () => {
  const pace = createPace({ inFlightMax: 1, messagesPerMinuteMax: undefined }, () => 0)
  pace.settled([failed({ retryAfterMs: 1e12 })], 0)
  expect(pace.readyAtMs(0)).toBe(86_400_000)
})
