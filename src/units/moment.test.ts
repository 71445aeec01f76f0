import { expect, test } from 'vitest'
import { parseMoment } from './moment.ts'

test.each([
  ['7d', 1_000_000 - 604_800],
  ['0s', 1_000_000],
  ['1700000000', 1_700_000_000],
  ['2026-01-31', 1_769_817_600],
  ['2026-01-31T12:00:00Z', 1_769_860_800],
  ['', undefined],
  ['soon', undefined],
  ['12', undefined],
  ['2026-13-45', undefined],
  ['1'.repeat(13), undefined],
])('%s', (text, seconds) => expect(parseMoment(text, 1_000_000)).toBe(seconds))
