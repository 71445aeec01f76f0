// Recordings of real contracts that no npm package holds: the adapters follow them, and differ at no block.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sized } from '../support/size.ts'
import { readFixture, wantedIn } from './fixture.ts'
import { followAndCompare } from './following.ts'
import { playerOf } from './player.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const HEADS_MIN = 200
/** A log that names a contract nobody knew costs a round more, once: rare. */
const SURPRISE_EVERY = 40

/** Names of all recordings but that of all protocols together, which is for test/acceptance/every-protocol.test.ts. */
export const recordings = readdirSync(FIXTURES).filter((name) => name !== 'every-protocol.json.gz')

const replay = async (name: string): Promise<void> => {
  const fixture = readFixture(join(FIXTURES, name))
  const { accounts, mintedBesides } = fixture
  const { chain, next } = playerOf(fixture)
  const tally = await followAndCompare({
    ...{ chain, accounts, mintedBesides, alone: [], wanted: wantedIn(fixture) },
    compareEvery: sized(8, 1),
    next: async () => next(),
    done: async () => undefined,
  })
  expect(tally.heads).toBeGreaterThanOrEqual(HEADS_MIN)
  expect(tally.reorgs).toBeGreaterThan(0)
  expect(tally.liquidations).toBeGreaterThan(0)
  expect(tally.liquidatable).toBeGreaterThan(0)
  expect(tally.surprises).toBeLessThanOrEqual(tally.heads / SURPRISE_EVERY)
  console.log(name, JSON.stringify(tally))
}

/** Plays recordings, a test each. */
export const testReplays = (names: readonly string[]): void => {
  test.each(names)('%s', { timeout: 600_000 }, replay)
}
