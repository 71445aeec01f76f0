import { expect, test } from 'vitest'
import { spanText } from './span.ts'

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [3_600 * 47, '47 hours'],
  [3_600 * 48, '2 days'],
  [86_400 * 365 * 2.39, '2.3 years'],
  [86_400 * 365 * 99.9, '99 years'],
])('%d seconds are %s', (seconds, text) => {
  expect(spanText(seconds)).toBe(text)
})
