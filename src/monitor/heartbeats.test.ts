import { expect, test } from 'vitest'
import { configuredFor, type Heard, hear, heartbeatOf } from './heartbeats.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const FEED = '0x00000000000000000000000000000000000000F1'
const WETH = { asset: '0x00000000000000000000000000000000000000AA', symbol: 'WETH' } as const

const heardAt = (times: readonly number[]): Heard =>
  times.reduce<Heard | undefined>(hear, undefined) ?? hear(undefined, 0)

test('25 hours until more is known', () => {
  expect(heartbeatOf(heardAt([0, DAY]), undefined)).toMatchObject({
    seconds: 25 * HOUR,
    text: expect.stringContaining('assumed'),
  })
  const busyDay = Array.from({ length: 100 }, (_, index) => index * 600)
  expect(heartbeatOf(heardAt(busyDay), undefined).seconds).toBe(25 * HOUR)
})

test('a week says what is usual: the longest silence and half as much again, at least an hour', () => {
  const daily = Array.from({ length: 9 }, (_, index) => index * DAY)
  expect(heartbeatOf(heardAt(daily), undefined)).toEqual({
    seconds: 36 * HOUR,
    text: '1 d 12 h, learnt: it was never silent for longer than 1 d in 8 d',
  })
  const busy = Array.from({ length: 8 * 24 * 6 }, (_, index) => index * 600)
  expect(heartbeatOf(heardAt(busy), undefined).seconds).toBe(HOUR)
})

test('what is configured holds: of the feed, else of what its price is of', () => {
  const settings = [
    { asset: 'WETH', heartbeatSeconds: 7_200 },
    { asset: WETH.asset.toLowerCase(), heartbeatSeconds: 9_000 },
    { feed: FEED, heartbeatSeconds: 60 },
  ] as const
  expect(configuredFor(settings, FEED, [WETH])).toBe(60)
  expect(configuredFor(settings.slice(0, 2), FEED, [WETH])).toBe(7_200)
  expect(configuredFor(settings.slice(0, 2), FEED, [{ ...WETH, symbol: 'ETH' }])).toBe(9_000)
  expect(configuredFor([], FEED, [WETH])).toBeUndefined()
  expect(heartbeatOf(heardAt([0]), 60).text).toBe('1 min, as configured')
})

test('hearing the same word again adds nothing', () => {
  const once = hear(undefined, 10)
  expect(hear(once, 10)).toBe(once)
  expect(hear(hear(once, 30), 20)).toEqual(hear(once, 30))
})
