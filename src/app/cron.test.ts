import { expect, test } from 'vitest'
import { lastScheduledMs } from './cron.ts'

const at = (text: string): number => Date.parse(text)

test.each([
  ['0 8 * * *', 'UTC', '2026-03-10T08:00:00Z', '2026-03-10T08:00:00Z'],
  ['0 8 * * *', 'UTC', '2026-03-10T07:59:59.999Z', '2026-03-09T08:00:00Z'],
  ['0 8 * * *', 'Europe/Berlin', '2026-03-10T12:00:00Z', '2026-03-10T07:00:00Z'],
  ['0 8 * * *', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T06:00:00Z'],
  ['15 8 * * *', 'Asia/Kathmandu', '2026-03-10T12:00:00Z', '2026-03-10T02:30:00Z'],
  ['30 3 1 * *', 'UTC', '2026-03-10T12:00:00Z', '2026-03-01T03:30:00Z'],
  ['*/10 * * * * *', 'UTC', '2026-03-10T12:00:27Z', '2026-03-10T12:00:20Z'],
])('%s in %s, at %s: last at %s', (expression, timezone, now, last) => {
  expect(lastScheduledMs(expression, timezone, at(now))).toBe(at(last))
})

test('what is longer ago than a month is not looked for', () => {
  expect(lastScheduledMs('0 0 1 1 *', 'UTC', at('2026-03-10T12:00:00Z'))).toBeUndefined()
})
