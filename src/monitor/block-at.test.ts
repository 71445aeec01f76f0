import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mark } from '../store/observed.ts'
import { blockAt } from './block-at.ts'

/** A chain whose blocks come after these many seconds each. */
const chainOf = (gaps: readonly number[]): readonly Mark[] => {
  let timestamp = 1_000
  return gaps.map((gap, index) => {
    timestamp += gap
    return { number: BigInt(index), timestamp }
  })
}

const search = async (marks: readonly Mark[], timestamp: number) => {
  const asked: bigint[] = []
  const [low, high] = [marks[0], marks.at(-1)]
  if (!low || !high) throw new Error('the chain is empty')
  const found = await blockAt(timestamp, { low, high }, async (number) => {
    asked.push(number)
    return marks[Number(number)] as Mark
  })
  return { found, requestCount: asked.length }
}

test('finds the last block not after a time on any chain, in at most three times the halvings', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 100_000 })), {
        minLength: 3,
        maxLength: 400,
      }),
      fc.nat(),
      async (gaps, draw) => {
        const marks = chainOf(gaps)
        const [first, last] = [marks[0]?.timestamp ?? 0, marks.at(-1)?.timestamp ?? 0]
        fc.pre(last > first)
        const timestamp = first + (draw % (last - first))
        const { found, requestCount } = await search(marks, timestamp)
        expect(found.low).toEqual(marks.filter((mark) => mark.timestamp <= timestamp).at(-1))
        expect(found.high.number).toBe(found.low.number + 1n)
        expect(requestCount).toBeLessThanOrEqual(3 * Math.ceil(Math.log2(marks.length)))
      },
    ),
  )
})

test('on an even chain of a million blocks, two headers suffice', async () => {
  const marks = chainOf(Array.from({ length: 1_000_000 }, () => 12))
  for (const timestamp of [1_012, 1_013, 4_500_000, 12_000_999])
    expect((await search(marks, timestamp)).requestCount).toBeLessThanOrEqual(2)
})
