import { beforeEach, expect, test } from 'vitest'
import type { ChainSurvey } from '../../app/survey.ts'
import { createSurveys, type Surveys } from './surveys.ts'

type Survey = readonly ChainSurvey[]
type Run = { done(found: Survey): void; fail(error: Error): void }

let runs: Run[]
let version: string
let ms: number
let surveys: Surveys

beforeEach(() => {
  ;[runs, version, ms] = [[], 'a', 0]
  surveys = createSurveys({
    survey: () => new Promise<Survey>((done, fail) => void runs.push({ done, fail })),
    version: () => version,
    nowMs: () => ms,
  })
})

/** What waits has its turn. */
const turn = () => new Promise(setImmediate)
const end = async (index: number, atMs: number): Promise<Survey> => {
  const found: Survey = []
  ms = atMs
  runs[index]?.done(found)
  await turn()
  return found
}

test('whoever asks of the same books gets the same survey', async () => {
  const asked = [surveys.latest(), surveys.latest()]
  await turn()
  expect(runs).toHaveLength(1)
  const found = await end(0, 10)
  for (const one of asked) expect(await one).toBe(found)
  expect(await surveys.latest()).toBe(found)
  expect(runs).toHaveLength(1)
})

test('books that move on meanwhile are surveyed once more, not once for each commit', async () => {
  const first = surveys.latest()
  await turn()
  const later = ['b', 'c', 'd'].map((next) => {
    version = next
    return surveys.latest()
  })
  await turn()
  expect(runs).toHaveLength(1)
  const [old, fresh] = [await end(0, 10), await end(1, 20)]
  expect(await first).toBe(old)
  for (const one of later) expect(await one).toBe(fresh)
  expect(await surveys.latest()).toBe(fresh)
  expect(runs).toHaveLength(2)
})

test('after a long one there is a long rest, after a short one none', async () => {
  const first = surveys.latest()
  await turn()
  const old = await end(0, 1_000)
  expect(await first).toBe(old)
  version = 'b'
  ms = 9_999
  expect(await surveys.latest()).toBe(old)
  ms = 10_000
  const second = surveys.latest()
  await turn()
  expect(await end(1, 10_001)).toBe(await second)
  version = 'c'
  void surveys.latest()
  await turn()
  expect(runs).toHaveLength(3)
})

test('one that fails is tried again by whoever asks next', async () => {
  const failing = surveys.latest()
  await turn()
  runs[0]?.fail(new Error('the disk is gone'))
  await expect(failing).rejects.toThrow('the disk is gone')
  const again = surveys.latest()
  await turn()
  expect(await end(1, 10)).toBe(await again)
})
