import { beforeEach, expect, test } from 'vitest'
import type { Tracked } from '../store/book.ts'
import { createMirrorWatch, type MirrorWatch } from './mirror-behind.ts'

const SECONDS_MAX = 600

let tracked: Tracked
let watch: MirrorWatch
beforeEach(() => {
  tracked = {
    mirror: { deployment: { chainId: 1, protocol: 'p', deployment: 'd' } },
    pending: new Set(),
    retries: new Set(),
    discovery: undefined,
  } as unknown as Tracked
  watch = createMirrorWatch([tracked], SECONDS_MAX)
})

/** What is told at each moment, 100 seconds apart, from one to another. */
const told = (from: number, to: number, change: (at: number) => void = () => undefined): number[] => {
  const when: number[] = []
  for (let at = from; at <= to; at += 100) {
    change(at)
    if (watch.behindAt(at).length > 0) when.push(at)
  }
  return when
}

test('nothing to read is fine', () => {
  expect(told(0, 2_000)).toEqual([])
})

test('a backlog that becomes smaller is fine, one that does not is told after its bound', () => {
  for (let key = 0; key < 100; key++) tracked.pending.add(`key ${key}`)
  expect(told(0, 2_000, (at) => tracked.pending.delete(`key ${at / 100}`))).toEqual([])
  expect(told(2_100, 2_900)).toEqual([2_600, 2_700, 2_800, 2_900])
  expect(watch.behindAt(3_000)).toEqual(['1:p:d: 79 keys wait to be read, for 16 min 40 s no fewer'])
  tracked.pending.delete('key 50')
  expect(watch.behindAt(3_100)).toEqual([])
})

test('a search that goes on is progress', () => {
  tracked.pending.add('a')
  const search = { scope: 'borrowers', fromBlock: 0n, targetBlock: 9_999n } as const
  expect(
    told(0, 2_000, (at) => {
      tracked.discovery = { ...search, nextBlock: BigInt(at) }
    }),
  ).toEqual([])
})

test('a read that fails for long is told, others that come and go are not', () => {
  expect(
    told(0, 2_000, (at) => {
      tracked.retries.clear()
      tracked.retries.add(`${at}`)
    }),
  ).toEqual([])
  tracked.retries.clear()
  tracked.retries.add('position stuck')
  expect(told(2_100, 2_800)).toEqual([2_700, 2_800])
  expect(watch.behindAt(2_900).join()).toContain('position stuck')
  tracked.retries.clear()
  expect(watch.behindAt(3_000)).toEqual([])
})

test('time without cycles counts for nothing', () => {
  tracked.retries.add('a')
  expect(told(0, 400)).toEqual([])
  expect(watch.behindAt(5_000)).toEqual([])
  expect(told(5_100, 5_500)).toEqual([])
  expect(watch.behindAt(5_600)).toHaveLength(1)
})
