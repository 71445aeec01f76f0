// The followed mirror against Morpho's own word after random blocks, liquidations and reorgs.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assessment } from '../../src/model/assessment.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { createLiquidationLogs } from '../../src/monitor/liquidation-logs.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { deployMorpho, type Morpho } from '../devnet/morpho-blue/morpho.ts'
import { createMorphoActivity } from '../devnet/morpho-blue/random-activity.ts'
import { createRandom } from '../devnet/random.ts'
import { followDevnet } from '../support/follower.ts'
import { compareLoan, type LoanTally, morphoOn, newTally, positionAt } from '../support/morpho-loans.ts'
import { isLong, sized } from '../support/size.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(60, 120)
const ACCOUNTS = sized(12, 20)
const REORG_EVERY = 12
const REORG_DEPTH_MAX = 20

let devnet: Devnet
let morpho: Morpho
beforeAll(async () => {
  devnet = await startDevnet()
  morpho = await deployMorpho(devnet)
})
afterAll(() => devnet.stop())

/** Every position of the mirror at the follower's own block. */
const compare = async (follower: Follower, tally: LoanTally): Promise<readonly Assessment[]> => {
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const assessments = assessAll(tracked, cursor)
  await Promise.all(assessments.map((assessment) => compareLoan(devnet, morpho, assessment, tally)))
  return assessments
}

/** Whoever has debt anywhere is in the mirror. */
const expectComplete = async (
  assessments: readonly Assessment[],
  accounts: readonly Address[],
  follower: Follower,
): Promise<void> => {
  const hash = follower.book.cursor?.hash ?? '0x'
  const known = new Set(assessments.map(({ market, owner }) => `${market}:${owner}`))
  for (const market of Object.values(morpho.addresses.markets))
    for (const account of accounts) {
      const { borrowShares } = await positionAt(devnet, morpho, hash, { market, account })
      if (borrowShares > 0n) expect(known).toContain(`${market.id}:${account}`)
    }
}

for (const seed of SEEDS)
  test(`seed ${seed}: the mirror equals Morpho over ${BLOCKS} random blocks with reorgs`, async () => {
    const random = createRandom(seed)
    const snapshot = await devnet.snapshot()
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
    await morpho.fundAccounts(accounts)
    const activity = createMorphoActivity(devnet, morpho, random, accounts)
    for (const account of accounts)
      await morpho.act(await activity.open(random.pick(activity.markets), account), { tolerateReverts: true })
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-morpho-'))
    const follower = await followDevnet(devnet, join(folder, 'm.db'), {
      limits: { auditsPerHead: 3 },
      wanted: [morphoOn(devnet, morpho)],
    })
    await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
    const everybody = { includes: () => true } as unknown as readonly Address[]
    const besides = createLiquidationLogs({ ...follower, watched: everybody })
    const tally = newTally()
    await expectComplete(await compare(follower, tally), accounts, follower)
    let [reorgs, liquidations, rounds] = [0, 0, 0]
    const differences: unknown[] = []
    const mineOne = async () => {
      const { actions, seconds } = await activity.next()
      await morpho.act(actions, { tolerateReverts: true, seconds })
    }
    for (let block = 1; block <= BLOCKS; block++) {
      await mineOne()
      if (block % 9 === 0) await devnet.movePrice('WETH', random.magnitude(0.8, 1.25))
      if (block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX) {
        const depth = random.integer(1, REORG_DEPTH_MAX)
        await devnet.reorg(depth, { replace: mineOne, extraBlocks: 1 })
        reorgs += 1
      }
      if (random.integer(0, 2) === 0) continue
      const head = await follower.chain.head()
      const span = { isReorg: false, ancestor: follower.book.cursor, isSameBlock: false }
      const heard = await besides.read(span, head)
      const outcome = await runCycle(follower, head)
      if (outcome.kind !== 'committed') continue
      if (outcome.reorgDepth === 0n) expect(heard.liquidations.length).toBe(outcome.liquidationCount)
      differences.push(...outcome.mismatches)
      liquidations += outcome.liquidationCount
      rounds = Math.max(rounds, outcome.roundCount)
      const assessments = await compare(follower, tally)
      if (block % 10 === 0) await expectComplete(assessments, accounts, follower)
    }
    await runCycle(follower, await follower.chain.head())
    await expectComplete(await compare(follower, tally), accounts, follower)
    expect(differences).toEqual([])
    console.log(
      `morpho mirror, seed ${seed}: ${BLOCKS} blocks, ${reorgs} reorgs, ${liquidations} liquidations, ${tally.positions} positions compared (${tally.liquidatable} liquidatable), ${tally.unassessable} unassessable where Morpho reverts, at most ${rounds} rounds, 0 mismatches`,
    )
    expect(tally.liquidatable).toBeGreaterThan(0)
    follower.chain.close()
    follower.database.$client.close()
    await devnet.revert(snapshot)
  })
