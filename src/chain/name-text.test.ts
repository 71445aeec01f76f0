import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NameError, normalizedName } from './name-text.ts'

test.each([
  ['VITALIK.eth', 'vitalik.eth'],
  ['Ａ.eth', 'a.eth'],
  ['🏴‍☠️.eth', '🏴‍☠.eth'],
  ['pay.Treasury.example.org', 'pay.treasury.example.org'],
])('%s is looked up as %s', (text, name) => {
  expect(normalizedName(text)).toBe(name)
})

test.each([
  ['', 'it has no dot'],
  ['vitalik', 'it has no dot'],
  ['.', 'empty label'],
  ['vitalik..eth', 'empty label'],
  ['vitalik.eth.', 'empty label'],
  ['a b.eth', 'disallowed character'],
  ['[0x12].eth', 'disallowed character'],
  ['раypal.eth', 'illegal mixture'],
  [`${'🚀'.repeat(63)}.eth`, 'it has more than 255 bytes'],
])('%j is no name: %s', (text, why) => {
  expect(() => normalizedName(text)).toThrow(why)
  expect(() => normalizedName(text)).toThrow(expect.objectContaining({ fault: 'invalid' }))
})

test('any text is a name in one form only, or no name', () => {
  const part = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 6 }))
  const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
  fc.assert(
    fc.property(text, (one) => {
      let name: string
      try {
        name = normalizedName(one)
      } catch (error) {
        expect(error).toBeInstanceOf(NameError)
        return
      }
      expect(normalizedName(name)).toBe(name)
    }),
  )
})
