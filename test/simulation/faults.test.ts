// A provider that fails in every way, seeded: a cycle either commits the truth or changes nothing.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { createActivity } from '../devnet/aave-v3/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import type { Faults } from '../devnet/faults.ts'
import { type ProviderProxy, startProxy } from '../devnet/proxy.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { accountDataAt } from '../support/account-data.ts'
import { followDevnet } from '../support/follower.ts'
import { isLong, sized } from '../support/size.ts'

const SEEDS = isLong ? [11, 12, 13, 14] : [11]
const BLOCKS = sized(60, 250)
const ACCOUNTS = 12

let devnet: Devnet
let proxy: ProviderProxy
beforeAll(async () => {
  devnet = await startDevnet()
  proxy = await startProxy(devnet.url)
})
afterAll(async () => {
  await proxy.stop()
  await devnet.stop()
})

const faultsOf = (random: Random, head: number): Faults =>
  random.pick<Faults>([
    {},
    {},
    { failure: { as: 'drop', every: random.integer(1, 4) } },
    { failure: { as: 503, every: random.integer(1, 4) } },
    { failure: { as: 'garbage', every: random.integer(1, 4) } },
    { refuse: ['eth_getLogs'] },
    { refuse: ['eth_call'] },
    { refuseBlockHash: true },
    { callGasMax: random.integer(300_000, 3_000_000) },
    { answerBytesMax: random.integer(20_000, 60_000) },
    { logRangeMax: 1 },
    { logsMax: random.integer(1, 5) },
    { stateBlocksMax: 0 },
    { chainId: 1 },
    { frozenHead: head - random.integer(1, 5) },
  ])

for (const seed of SEEDS)
  test(`seed ${seed}: ${BLOCKS} blocks through a failing provider`, async () => {
    const random = createRandom(seed)
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(seed * 100 + index))
    const specs = accounts.map((account) => randomAccount(random, account))
    await devnet.openAccounts(specs, { tolerateReverts: true })
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-faults-'))
    const follower = await followDevnet(devnet, join(folder, 'f.db'), { url: proxy.url })
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    const activity = createActivity(random, specs, { configuration: true })
    let [committed, failed, compared] = [0, 0, 0]
    for (let block = 1; block <= BLOCKS; block++) {
      const { actions, seconds } = activity.next()
      await devnet.act(actions, { tolerateReverts: true, seconds })
      if (block % 15 === 0) await devnet.reorg(random.integer(1, 5), { extraBlocks: 1 })
      proxy.setFaults(block === BLOCKS ? {} : faultsOf(random, (await devnet.head()).number))
      const before = follower.book.cursor
      const outcome = await follower.chain
        .head()
        .then((head) => runCycle(follower, head))
        .catch(() => undefined)
      if (!outcome) {
        expect(follower.book.cursor).toEqual(before)
        failed += 1
        continue
      }
      if (outcome.kind !== 'committed') continue
      expect(outcome.mismatches).toEqual([])
      committed += 1
      const { cursor, tracked } = follower.book
      const [only] = tracked
      if (!cursor || !only) throw new Error('nothing is followed')
      const assessments = assessAll([only], cursor)
      const truth = await accountDataAt(devnet, cursor.hash, accounts)
      for (const assessment of assessments) {
        const expected = truth.get(assessment.owner)
        if (!expected || assessment.kind === 'unassessable') continue
        const ours = [assessment.collateralValue, assessment.debtValue, assessment.healthFactor]
        expect([assessment.id, ...ours]).toEqual([
          assessment.id,
          expected.collateral,
          expected.debt,
          expected.healthFactor,
        ])
        compared += 1
      }
    }
    const [last] = follower.book.tracked
    expect(follower.book.cursor?.hash).toBe((await devnet.head()).hash)
    expect(last?.mirror.positions.size).toBeGreaterThan(ACCOUNTS / 2)
    console.log(
      `faults, seed ${seed}: ${committed} cycles committed, ${failed} failed without a trace, ${compared} positions compared, 0 mismatches`,
    )
    expect(Math.min(committed, failed)).toBeGreaterThan(5)
    follower.chain.close()
    follower.database.$client.close()
  })
