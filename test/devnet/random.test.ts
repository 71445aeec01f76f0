import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { poolAbi } from './aave-v3/abis.ts'
import { randomAccount } from './aave-v3/random-account.ts'
import { createActivity } from './aave-v3/random-activity.ts'
import { type Devnet, startDevnet } from './devnet.ts'
import { createRandom } from './random.ts'
import type { Snapshot } from './snapshots.ts'

let devnet: Devnet
let fresh: Snapshot

beforeAll(async () => {
  devnet = await startDevnet()
  fresh = await devnet.snapshot()
}, 30_000)
afterEach(() => devnet.revert(fresh))
afterAll(() => devnet?.stop())

it('draws the same from the same seed, within its bounds', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 200 }, () => ({
      integer: random.integer(-3, 3),
      bigint: random.bigint(10n ** 30n),
      magnitude: random.magnitude(0.001, 1_000),
      sample: random.sample([1, 2, 3], 2),
    }))
  }
  const drawn = draw(5)
  expect(draw(5)).toEqual(drawn)
  expect(draw(6)).not.toEqual(drawn)
  expect(new Set(drawn.map(({ integer }) => integer))).toEqual(new Set([-3, -2, -1, 0, 1, 2, 3]))
  for (const { bigint, magnitude, sample } of drawn) {
    expect(bigint >= 0n && bigint < 10n ** 30n).toBe(true)
    expect(magnitude >= 0.001 && magnitude <= 1_000).toBe(true)
    expect(new Set(sample).size).toBe(2)
  }
})

it('opens 200 random ones in bulk', async () => {
  const random = createRandom(7)
  const specs = Array.from({ length: 200 }, (_, index) =>
    randomAccount(random, devnet.account(1_000 + index)),
  )
  const outcomes = await devnet.openAccounts(specs, { tolerateReverts: true })
  const opened = outcomes.filter((outcome) => outcome.status === 'success')
  expect(opened.length).toBeGreaterThan(150)
  for (const { spec } of opened.slice(0, 20)) {
    const [, debt, , , , healthFactor] = await devnet.client.readContract({
      address: devnet.addresses.pool,
      abi: poolAbi,
      functionName: 'getUserAccountData',
      args: [spec.account],
    })
    expect(debt).toBeGreaterThan(0n)
    expect(healthFactor).toBeGreaterThan(10n ** 18n)
  }
})

it('survives random activity, the same for the same seed', async () => {
  const run = async () => {
    const random = createRandom(11)
    const specs = Array.from({ length: 30 }, (_, index) => randomAccount(random, devnet.account(100 + index)))
    await devnet.openAccounts(specs, { tolerateReverts: true })
    const activity = createActivity(random, specs, { extremePrices: true, feedFaults: true })
    const tally: string[] = []
    for (let index = 0; index < 40; index++) {
      const { actions, seconds } = activity.next()
      const { outcomes } = await devnet.act(actions, { seconds, tolerateReverts: true })
      for (const { action, status, reason } of outcomes) tally.push(`${action.kind} ${reason ?? status}`)
    }
    return tally
  }
  const before = await devnet.snapshot()
  const first = await run()
  await devnet.revert(before)
  expect(await run()).toEqual(first)
  const succeeded = first.filter((line) => line.endsWith('success')).map((line) => line.split(' ')[0])
  expect(new Set(succeeded).size).toBeGreaterThan(8)
  expect(succeeded).toContain('liquidate')
})
