// Recordings of real contracts that no npm package holds: the adapters follow them, and differ at no block.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Deployment } from '../../src/protocols/adapter.ts'
import { registry } from '../../src/protocols/registry.ts'
import { readFixture } from './fixture.ts'
import { followAndCompare } from './following.ts'
import { playerOf } from './player.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const HEADS_MIN = 200
/** A log that names a contract nobody knew costs a round more, once: rare. */
const SURPRISE_EVERY = 40

/** All protocols together are for test/acceptance/every-protocol.test.ts. */
const names = readdirSync(FIXTURES).filter((name) => name !== 'every-protocol.json.gz')

const wantedOf = (deployment: Deployment): Wanted => {
  const adapter = registry.find(({ protocol }) => protocol === deployment.protocol)
  if (!adapter) throw new Error(`${deployment.protocol} is not in the registry`)
  return { adapter, deployment }
}

test.each(names)('%s', { timeout: 600_000 }, async (name) => {
  const fixture = readFixture(join(FIXTURES, name))
  const { deployments, accounts, mintedBesides } = fixture
  const { chain, next } = playerOf(fixture)
  const tally = await followAndCompare({
    ...{ chain, accounts, mintedBesides, alone: [], wanted: deployments.map(wantedOf) },
    next: async () => next(),
    done: async () => undefined,
  })
  expect(tally.heads).toBeGreaterThanOrEqual(HEADS_MIN)
  expect(tally.reorgs).toBeGreaterThan(0)
  expect(tally.liquidations).toBeGreaterThan(0)
  expect(tally.liquidatable).toBeGreaterThan(0)
  expect(tally.surprises).toBeLessThanOrEqual(tally.heads / SURPRISE_EVERY)
  console.log(name, JSON.stringify(tally))
})
