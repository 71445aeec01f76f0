// Style, types and what is generated count as tests, so that the last line of a run speaks for all of it.
// All types but the page's are checked in test/new-protocol.test.ts, together with those of a protocol that is made there.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test.each([
  ['style', 'check:style'],
  ["the page's types", 'check:types:page'],
  ["the README's table of protocols is what the registry says", 'protocols', '--', '--check'],
  ["the client's types are what the API says", 'client', '--', '--check'],
])('%s', (_what, ...command) => {
  const run = spawnSync('npm', ['run', '--silent', ...command], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  })
  expect(run.status, `${run.stdout}${run.stderr}`).toBe(0)
})
