import { expect, test } from 'vitest'
import { remembered } from './remembered.ts'

test('Values are computed once as long as they are among the last, and right ever after', () => {
  const computed: number[] = []
  const double = remembered((value: number) => {
    computed.push(value)
    return value * 2
  }, 2)
  expect([1, 2, 1, 3, 2, 1].map(double)).toEqual([2, 4, 2, 6, 4, 2])
  expect(computed).toEqual([1, 2, 3])
  expect([4, 5, 6, 7, 1].map(double)).toEqual([8, 10, 12, 14, 2])
  expect(computed).toEqual([1, 2, 3, 4, 5, 6, 7, 1])
})

test('What throws is tried again', () => {
  let isDown = true
  const ask = remembered((name: string) => {
    if (isDown) throw new RangeError(name)
    return name
  }, 2)
  expect(() => ask('a')).toThrow(RangeError)
  isDown = false
  expect(ask('a')).toBe('a')
})
