import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('committed deployments are what their sources say', () => {
  const script = fileURLToPath(new URL('../scripts/generate-deployments.ts', import.meta.url))
  const run = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), script, '--check'], {
    encoding: 'utf8',
  })
  expect([run.status, run.stderr]).toEqual([0, ''])
})
