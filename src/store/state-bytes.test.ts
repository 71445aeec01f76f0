import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stateFromBytes } from './decode-state.ts'
import { stateToBytes } from './encode-state.ts'
import { createWords } from './words.ts'

const roundTrip = (value: unknown): unknown => {
  const words = createWords()
  const bytes = stateToBytes(value, words)
  return stateFromBytes(bytes, createWords(words.since(0)))
}

const address = fc
  .tuple(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.infiniteStream(fc.boolean()))
  .map(([bytes, capitals]) => {
    const digits = [...Buffer.from(bytes).toString('hex')]
    return `0x${digits.map((digit) => (capitals.next().value ? digit.toUpperCase() : digit)).join('')}`
  })

const leaf = fc.oneof(
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    127,
    128,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
    2 ** 51,
    null,
    true,
    false,
    '',
    '0x',
    '0xAB',
    '0xab',
  ),
  fc.string({ unit: 'grapheme' }),
  address,
)

const state = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 6 }),
  object: fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    tie('value'),
    { maxKeys: 8, noNullPrototype: true },
  ),
})).value

test('what is encoded is decoded to the same', () => {
  fc.assert(
    fc.property(state, (value) => {
      expect(roundTrip(value)).toStrictEqual(value)
    }),
    { numRuns: 500 },
  )
})

test('bigints at the edges of their lengths', () => {
  for (let bits = 0n; bits <= 300n; bits++)
    for (const value of [2n ** bits - 1n, 2n ** bits, -(2n ** bits)]) expect(roundTrip(value)).toBe(value)
})

test('an undefined field is left out, as in JSON', () => {
  expect(roundTrip({ a: 1, b: undefined })).toStrictEqual({ a: 1 })
})

test('what cannot be stored is refused', () => {
  expect(() => stateToBytes(() => 1, createWords())).toThrow('a function cannot be stored')
})

test('bytes of another dictionary are noticed', () => {
  const bytes = stateToBytes({ healthy: 1n }, createWords(['a', 'b']))
  expect(() => stateFromBytes(bytes, createWords())).toThrow('word 2')
})
