// Style and types count as tests, so that the last line of a run speaks for all of it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test.each(['style', 'types'])('%s', (what) => {
  const run = spawnSync('npm', ['run', '--silent', `check:${what}`], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  })
  expect(run.status, `${run.stdout}${run.stderr}`).toBe(0)
})
