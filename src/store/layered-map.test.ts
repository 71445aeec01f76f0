import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layeredMap } from './layered-map.ts'

const key = fc.integer({ min: 0, max: 8 })
const action = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('merge' as const) }),
)

test('shows what a plain map would hold, and leaves the base alone until merged', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.integer())), fc.array(action), (initial, actions) => {
      const base = new Map(initial)
      const model = new Map(initial)
      const layered = layeredMap(base)
      for (const one of actions) {
        const before = new Map(base)
        if (one.kind === 'set') {
          layered.set(one.key, one.value)
          model.set(one.key, one.value)
        } else if (one.kind === 'delete') {
          layered.delete(one.key)
          model.delete(one.key)
        } else layered.merge()
        expect(new Map(base)).toEqual(one.kind === 'merge' ? model : before)
        expect(new Map(layered)).toEqual(model)
        expect(layered.size).toBe(model.size)
        for (let probe = 0; probe <= 8; probe++) expect(layered.get(probe)).toBe(model.get(probe))
      }
    }),
  )
})
