// The followed mirror against the pool's own getUserAccountData after random blocks and reorgs.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { createActivity } from '../devnet/aave-v3/random-activity.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { accountDataAt } from '../support/account-data.ts'
import { followDevnet } from '../support/follower.ts'
import { isLong, sized } from '../support/size.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(60, 320)
const ACCOUNTS = sized(15, 30)
const REORG_EVERY = 12
const REORG_DEPTH_MAX = 20

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

type Tally = { positions: number; unassessable: number }

/** Every position of the mirror, and every account that has debt, at the follower's own block. */
const compare = async (follower: Follower, accounts: readonly Address[], tally: Tally): Promise<void> => {
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const [only] = tracked
  if (!only) throw new Error('nothing is tracked')
  const assessments = assessAll([only], cursor)
  const truth = await accountDataAt(devnet, cursor.hash, [
    ...new Set([...accounts, ...assessments.map(({ owner }) => owner)]),
  ])
  for (const assessment of assessments) {
    const expected = truth.get(assessment.owner)
    if (assessment.kind === 'unassessable') {
      expect([assessment.owner, assessment.detail, expected]).toEqual([
        assessment.owner,
        assessment.detail,
        undefined,
      ])
      tally.unassessable += 1
      continue
    }
    const ours = [assessment.collateralValue, assessment.debtValue, assessment.healthFactor]
    expect([cursor.number, assessment.owner, ...ours]).toEqual([
      cursor.number,
      assessment.owner,
      expected?.collateral,
      expected?.debt,
      expected?.healthFactor,
    ])
    tally.positions += 1
  }
  const owners = new Set(assessments.map(({ owner }) => owner))
  for (const [account, data] of truth) if (data && data.debt > 0n) expect(owners).toContain(account)
}

for (const seed of SEEDS)
  test(`seed ${seed}: the mirror equals the contract over ${BLOCKS} random blocks with reorgs`, async () => {
    const random = createRandom(seed)
    const snapshot = await devnet.snapshot()
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    const specs = accounts.map((account) => randomAccount(random, account))
    await devnet.openAccounts(specs, { tolerateReverts: true })
    const follower = await followDevnet(
      devnet,
      join(mkdtempSync(join(tmpdir(), 'plimsoll-mirror-')), 'm.db'),
      {
        limits: { auditsPerHead: 3 },
      },
    )
    const silent = new AbortController().signal
    await syncTo(follower, await follower.chain.head(), () => undefined, silent)
    const activity = createActivity(random, specs, {
      configuration: true,
      extremePrices: true,
      feedFaults: true,
    })
    const tally: Tally = { positions: 0, unassessable: 0 }
    let [reorgs, mismatches] = [0, 0]
    for (let block = 1; block <= BLOCKS; block++) {
      const { actions, seconds } = activity.next()
      await devnet.act(actions, { tolerateReverts: true, seconds })
      if (block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX) {
        const depth = random.integer(1, REORG_DEPTH_MAX)
        await devnet.reorg(depth, {
          replace: async () => {
            const other = activity.next()
            await devnet.act(other.actions, { tolerateReverts: true, seconds: other.seconds })
          },
          extraBlocks: 1,
        })
        reorgs += 1
      }
      if (random.integer(0, 2) === 0) continue
      const outcome = await runCycle(follower, await follower.chain.head())
      if (outcome.kind === 'committed') mismatches += outcome.mismatches.length
      await compare(follower, accounts, tally)
    }
    expect(mismatches).toBe(0)
    console.log(
      `mirror, seed ${seed}: ${BLOCKS} blocks, ${reorgs} reorgs, ${tally.positions} positions compared, ${tally.unassessable} unassessable where the contract reverts, 0 mismatches`,
    )
    follower.chain.close()
    follower.database.$client.close()
    await devnet.revert(snapshot)
  })
