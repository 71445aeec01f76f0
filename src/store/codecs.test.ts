import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeState, encodeState } from '../model/state-text.ts'
import { decodeU256, encodeU256 } from './u256.ts'

const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })

test('u256 bytes give the number back and sort as the numbers do', () => {
  fc.assert(
    fc.property(uint256, uint256, (a, b) => {
      expect(decodeU256(encodeU256(a))).toBe(a)
      expect(Math.sign(Buffer.compare(encodeU256(a), encodeU256(b)))).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
  )
  for (const edge of [0n, 1n, 255n, 256n, 2n ** 248n - 1n, 2n ** 248n, 2n ** 256n - 1n])
    expect(decodeU256(encodeU256(edge))).toBe(edge)
  expect(() => encodeU256(-1n)).toThrow(RangeError)
  expect(() => encodeU256(2n ** 256n)).toThrow(RangeError)
})

test('state keeps bigints and strings apart, also where a token symbol poses as a number', () => {
  const leaf = fc.oneof(
    fc.bigInt(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('n:1', 's:n:1', 'n:x'),
  )
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.oneof(leaf, fc.array(leaf)),
      ),
      (state) => {
        expect(decodeState(encodeState(state))).toEqual({ ...state })
      },
    ),
  )
})
