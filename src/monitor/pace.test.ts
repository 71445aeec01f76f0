import { expect, test } from 'vitest'
import { defaultMonitorLimits } from './limits.ts'
import { createPace } from './pace.ts'

const limits = { ...defaultMonitorLimits, backlogKeysMin: 100, backlogKeysMax: 6_400 }

test('grows to what an endpoint answers in the time there is, and keeps to it', () => {
  const pace = createPace(limits, 1_000)
  for (let piece = 0; piece < 20; piece++) pace.took(pace.keys(), pace.keys() / 2)
  expect(pace.keys()).toBeGreaterThan(1_500)
  expect(pace.keys()).toBeLessThanOrEqual(2_000)
})

test('stays between the least and the most', () => {
  const pace = createPace(limits, 1_000)
  for (let piece = 0; piece < 20; piece++) pace.took(pace.keys(), 1)
  expect(pace.keys()).toBe(6_400)
  for (let piece = 0; piece < 20; piece++) pace.took(pace.keys(), 60_000)
  expect(pace.keys()).toBe(100)
  expect(createPace({ ...limits, backlogKeysMax: 7 }, 1_000).keys()).toBe(7)
})

test('a piece that was cut short by the end of the backlog says nothing', () => {
  const pace = createPace(limits, 1_000)
  pace.took(3, 1)
  expect(pace.keys()).toBe(100)
})

test('what is interrupted even at its smallest rides along with cycles', () => {
  const pace = createPace(limits, 1_000)
  pace.took(100, 1)
  pace.interrupted()
  expect([pace.keys(), pace.keysWithCycle()]).toEqual([100, 100])
  pace.took(100, 1)
  expect(pace.keysWithCycle()).toBe(0)
})
