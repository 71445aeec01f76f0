import fc from 'fast-check'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { Position } from '../model/market.ts'
import { createPackedPositions } from './packed-positions.ts'
import { createWords } from './words.ts'

const deployment = { chainId: 1, protocol: 'p', deployment: 'd' }
const addressOf = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}`

const positionOf = (index: number, asOf: bigint, legs: readonly bigint[]): Position =>
  ({
    id: { ...deployment, market: 'pool', account: addressOf(index) },
    owner: addressOf(index % 3 === 0 ? index + 1 : index),
    asOf,
    legs,
  }) as Position

const step = fc.record({
  index: fc.nat(20),
  asOf: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  legs: fc.option(fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n }), { maxLength: 20 })),
})

test('it holds what a plain map would hold, each entry under a slot of its own', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const packed = createPackedPositions(deployment, createWords())
      const plain = new Map<string, Position>()
      for (const { index, asOf, legs } of steps) {
        const key = `pool:${addressOf(index)}`
        const slotBefore = packed.slotOf(key)
        if (legs) {
          packed.set(key, positionOf(index, asOf, legs))
          plain.set(key, positionOf(index, asOf, legs))
          if (slotBefore !== undefined) expect(packed.slotOf(key)).toBe(slotBefore)
        } else expect(packed.delete(key)).toBe(plain.delete(key))
        expect(packed.get(key)).toEqual(plain.get(key))
        expect(packed.has(key)).toBe(plain.has(key))
      }
      expect(new Map(packed)).toEqual(plain)
      expect(packed.size).toBe(plain.size)
      expect([...packed.keys()].map((key) => packed.keyOf(packed.slotOf(key) ?? -1))).toEqual([
        ...packed.keys(),
      ])
      expect(packed.slotLimit).toBeLessThanOrEqual(21)
    }),
  )
})

test('bytes that were stored are loaded again, and tell whether something differs', () => {
  const words = createWords()
  const packed = createPackedPositions(deployment, words)
  const again = createPackedPositions(deployment, words)
  const [before, after] = [positionOf(1, 5n, [1n]), positionOf(1, 6n, [2n])]
  const key = `pool:${before.owner}`
  packed.set(key, before)
  again.load(key, packed.bytesOf(before), 5n, 7)
  expect(again.get(key)).toEqual(before)
  expect(again.entryIdOf(key)).toBe(7)
  expect(again.differs(key, packed.bytesOf({ ...before, asOf: 9n }))).toBe(false)
  expect(again.differs(key, packed.bytesOf(after))).toBe(true)
  expect(again.differs('pool:0x2', packed.bytesOf(after))).toBe(true)
  again.delete(key)
  expect(again.entryIdOf(key)).toBe(0)
})
