import { expect, test } from 'vitest'
import { properLocale } from './locale.ts'

test('a language that is no proper locale is taken without what spoils it', () => {
  expect(['de-DE', 'en-US@posix', 'en_GB.UTF-8', 'C', '', 'not a language'].map(properLocale)).toEqual([
    'de-DE',
    'en-US',
    'en-GB',
    undefined,
    undefined,
    undefined,
  ])
})
