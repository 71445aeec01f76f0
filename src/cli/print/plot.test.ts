import { describe, expect, test } from 'vitest'
import { bar, curvePlot } from './plot.ts'

describe('a bar', () => {
  test('is a share of its width, to an eighth of a character', () => {
    expect(bar(0.5, 8)).toBe('████')
    expect(bar(0.5, 3)).toBe('█▌')
    expect([bar(0, 8), bar(1, 3), bar(2, 3)]).toEqual(['', '███', '███'])
  })

  test('shows the least there is', () => expect(bar(1e-9, 20)).toBe('▏'))
})

describe('a curve', () => {
  const plot = (values: readonly number[], width: number) =>
    curvePlot({ values, ends: ['a', 'z'], height: 2, width, label: (value) => `${value}` }).split('\n')

  test('has columns up to the largest value, and axes', () => {
    expect(plot([0, 4, 8, 16], 9)).toEqual(['16 ┤   █', ' 8 ┤ ▄██', ' 0 └────', '    a  z'])
  })

  test('spreads few values over the width, and thins out many', () => {
    expect(plot([1, 2], 9)[0]).toBe('2 ┤  ██'.padEnd(5).replace('  ██', '  ██'))
    expect(
      plot(
        Array.from({ length: 50 }, () => 1),
        13,
      )[2],
    ).toBe(`  0 └${'─'.repeat(7)}`)
  })

  test('of nothing is empty', () => expect(plot([0, 0], 9).slice(0, 2)).toEqual(['0 ┤', '0 ┤']))
})
