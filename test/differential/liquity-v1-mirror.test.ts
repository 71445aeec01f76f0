// The followed mirror of Zero against the contracts' own word, and the order of its list, through random blocks and reorgs.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { queueOf } from '../../src/protocols/liquity-v1/queue.ts'
import { type LiquityMirror, marketOf, PRICE_KEY, readMarket } from '../../src/protocols/liquity-v1/state.ts'
import { isRecoveryMode, totalRatioDown } from '../../src/protocols/liquity-v1/system.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createLiquityActivity } from '../devnet/liquity-v1/random-activity.ts'
import type { LiquitySystem } from '../devnet/liquity-v1/system.ts'
import { deployZero, liquityOn } from '../devnet/liquity-v1/zero.ts'
import { createRandom } from '../devnet/random.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'
import { listedOwners } from '../support/liquity-state.ts'
import { isLong, sized } from '../support/size.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(60, 320)
const ACCOUNTS = sized(12, 30)
const REORG_EVERY = 10
const REORG_DEPTH_MAX = 8
const BLOCK_SECONDS_MAX = 20_000
/** Every trove, the funder's among them, at every head. */
const AUDITS_PER_HEAD = ACCOUNTS + 1

const viewsAbi = parseAbi([
  'function getTCR(uint256 price) view returns (uint256)',
  'function checkRecoveryMode(uint256 price) view returns (bool)',
  'function getCurrentICR(address borrower, uint256 price) view returns (uint256)',
])

let devnet: Devnet
let system: LiquitySystem
beforeAll(async () => {
  devnet = await startDevnet()
  system = await deployZero(devnet)
})
afterAll(() => devnet.stop())

type Tally = {
  positions: number
  liquidatable: number
  recoveries: number
  liquidations: number
  reorgs: number
}

const compare = async ({ book: { cursor, tracked } }: Follower, tally: Tally): Promise<void> => {
  const [only] = tracked
  const mirror = only?.mirror as unknown as LiquityMirror | undefined
  const market = mirror && marketOf(mirror)
  const reading = mirror?.prices.get(PRICE_KEY)
  if (!cursor || !mirror || !market || reading?.kind !== 'price') throw new Error('nothing was followed')
  const { price } = reading
  const read = readMarket(market)
  const queue = queueOf(mirror.positions.values())
  expect(queue.map(({ owner }) => owner)).toEqual(await listedOwners(devnet, system))
  const manager = { address: system.manager, abi: viewsAbi } as const
  const totalRatio = await devnet.client.readContract({ ...manager, functionName: 'getTCR', args: [price] })
  const isRecovery = { ...manager, functionName: 'checkRecoveryMode', args: [price] } as const
  const told = [totalRatioDown(read.system, price), isRecoveryMode(read, price)]
  expect(told).toEqual([totalRatio, await devnet.client.readContract(isRecovery)])
  for (const health of assessAll(tracked, cursor)) {
    if (health.kind === 'unassessable') throw new Error(health.detail)
    const args = [health.owner, price] as const
    const ratio = await devnet.client.readContract({ ...manager, functionName: 'getCurrentICR', args })
    expect(health.healthFactor).toBe((ratio * 10n ** 18n) / read.parameters.mcr)
    tally.positions += 1
    tally.liquidatable += Number(health.isLiquidatable)
  }
  tally.recoveries += Number(told[1])
}

test.each(SEEDS)(
  `seed %i: the mirror equals the contracts over ${BLOCKS} random blocks with reorgs`,
  async (seed) => {
    const random = createRandom(seed)
    const snapshot = await devnet.snapshot()
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    const activity = createLiquityActivity({ devnet, random, system, accounts })
    await activity.open()
    const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-liquity-')), 'm.db')
    const limits = { auditsPerHead: AUDITS_PER_HEAD }
    const follower = await followDevnet(devnet, file, { wanted: [liquityOn(devnet, system)], limits })
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    const tally: Tally = { positions: 0, liquidatable: 0, recoveries: 0, liquidations: 0, reorgs: 0 }
    const stir = async () => devnet.send(await activity.next(), random.integer(1, BLOCK_SECONDS_MAX))
    for (let block = 1; block <= BLOCKS; block++) {
      await stir()
      const isReorg = block % REORG_EVERY === 0
      if (isReorg) await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), { replace: stir, extraBlocks: 1 })
      if (!isReorg && random.chance(0.3)) continue
      const outcome = await runCycle(follower, await follower.chain.head())
      if (outcome.kind !== 'committed') throw new Error(`the cycle was ${outcome.kind}`)
      expect(outcome.mismatches).toEqual([])
      if (!isReorg) expect(outcome.roundCount).toBe(1)
      tally.liquidations += outcome.liquidationCount
      tally.reorgs += Number(isReorg)
      await compare(follower, tally)
    }
    closeFollower(follower)
    await devnet.revert(snapshot)
    console.log(`Zero, seed ${seed}: ${JSON.stringify(tally)}`)
    expect(tally.liquidatable).toBeGreaterThan(0)
  },
)
