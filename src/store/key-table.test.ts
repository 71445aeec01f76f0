import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyTable } from './key-table.ts'
import { wholeOf } from './span.ts'

const KEYS = 300
const keyOf = (index: number): string => `pool:${'x'.repeat(index % 7)}${index}`
const spanOf = (index: number) => wholeOf(Buffer.from(keyOf(index)))

test('it holds what a map would hold, through growth and gaps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(KEYS - 1), fc.boolean()), { maxLength: 1_500, size: 'max' }),
      (steps) => {
        const table = createKeyTable()
        const plain = new Map<number, number>()
        for (const [index, isOpened] of steps) {
          const slot = table.slotOf(spanOf(index))
          expect(slot).toBe(plain.get(index) ?? -1)
          if (isOpened) plain.set(index, table.open(spanOf(index)))
          else if (slot >= 0) {
            table.remove(slot)
            plain.delete(index)
          }
        }
        expect(table.size).toBe(plain.size)
        expect(new Set(plain.values()).size).toBe(plain.size)
        for (let index = 0; index < KEYS; index++) {
          const slot = plain.get(index)
          expect(table.slotOf(spanOf(index))).toBe(slot ?? -1)
          if (slot !== undefined) expect(table.keyOf(slot)).toBe(keyOf(index))
        }
      },
    ),
    { numRuns: 8 },
  )
})
