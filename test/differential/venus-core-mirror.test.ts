// The followed mirror of the Venus core pool against the comptroller's own liquidity, and against a fresh read, after random blocks and reorgs.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Position } from '../../src/model/market.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { createVenusActivity } from '../devnet/venus-core/random-activity.ts'
import { deployVenus, enrich, type Venus, venusOn } from '../devnet/venus-core/venus.ts'
import { readAfresh } from '../support/compound-data.ts'
import { followDevnet } from '../support/follower.ts'
import { isLong, sized } from '../support/size.ts'
import { venusDataAt } from '../support/venus-data.ts'

const SEEDS = isLong ? [1, 2, 3] : [1]
const BLOCKS = sized(45, 150)
const ACCOUNTS = sized(10, 16)
const TIMEOUT_MS = sized(120_000, 900_000)
const REORG_EVERY = 12
const REORG_DEPTH_MAX = 20
const FRESH_EVERY = 10

let devnet: Devnet
let venus: Venus
beforeAll(async () => {
  devnet = await startDevnet()
  venus = await deployVenus(devnet)
})
afterAll(() => devnet.stop())

type Tally = { positions: number; liquidatable: number; unassessable: number }

const compare = async (follower: Follower, accounts: readonly Address[], tally: Tally): Promise<void> => {
  const { cursor, tracked } = follower.book
  if (!cursor) throw new Error('nothing was followed')
  const truth = await venusDataAt(devnet, venus.addresses, cursor.hash, accounts)
  const assessments = assessAll(tracked, cursor)
  const owners = new Set(assessments.map(({ owner }) => owner))
  for (const [account, { code, accrued }] of truth)
    if (code === 0n && accrued < 0n) expect(owners).toContain(account)
  for (const assessment of assessments) {
    const { owner } = assessment
    const expected = truth.get(owner)
    if (!expected) continue
    if (assessment.kind === 'unassessable') {
      expect([owner, assessment.detail, expected.code]).toEqual([owner, assessment.detail, 13n])
      tally.unassessable += 1
      continue
    }
    const ours = (assessment.liquidationValue ?? 0n) - assessment.debtValue
    const vai = assessment.debt.find(({ symbol }) => symbol === 'VAI')?.amount ?? 0n
    expect([cursor.number, owner, ours, vai, assessment.fidelity]).toEqual([
      ...[cursor.number, owner, expected.accrued, expected.vai],
      'exact',
    ])
    expect(assessment.stored?.isLiquidatable).toBe(expected.stored < 0n)
    tally.positions += 1
    tally.liquidatable += Number(assessment.isLiquidatable)
  }
}

const withoutBlock = ({ asOf: _asOf, ...position }: Position): object => position

/** The followed state is the state that a fresh read finds, to the principal and index of every debt. */
const compareFresh = async (follower: Follower, accounts: readonly Address[]): Promise<void> => {
  const { cursor, tracked } = follower.book
  const [only] = tracked
  if (!cursor || !only) throw new Error('nothing was followed')
  const fresh = await readAfresh(follower.chain, cursor, venusOn(devnet, venus), accounts)
  for (const account of accounts) {
    const key = `comptroller:${account}`
    const [ours, theirs] = [only.mirror.positions.get(key), fresh.positions.get(key)]
    expect(ours && withoutBlock(ours)).toEqual(theirs && withoutBlock(theirs))
  }
}

for (const seed of SEEDS)
  test(
    `seed ${seed}: the mirror equals the contract over ${BLOCKS} random blocks with reorgs`,
    async () => {
      const random = createRandom(seed)
      const snapshot = await devnet.snapshot()
      const { addresses } = venus
      const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
      await enrich(devnet, addresses, accounts)
      const activity = createVenusActivity({ random, addresses, accounts })
      await devnet.send(accounts.flatMap((account) => activity.open(account)))
      const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-venus-')), 'm.db')
      const wanted = [venusOn(devnet, venus)]
      const follower = await followDevnet(devnet, file, { wanted, limits: { auditsPerHead: 3 } })
      await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
      await compareFresh(follower, accounts)
      const tally: Tally = { positions: 0, liquidatable: 0, unassessable: 0 }
      let [reorgs, roundsMax] = [0, 0]
      for (let block = 1; block <= BLOCKS; block++) {
        await devnet.send(activity.next(), random.integer(1, 30))
        const isReorg = block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX
        if (isReorg) {
          const replace = () => devnet.send(activity.next())
          await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), { replace, extraBlocks: 1 })
          reorgs += 1
        }
        if (!isReorg && random.integer(0, 2) === 0) continue
        const outcome = await runCycle(follower, await follower.chain.head())
        if (outcome.kind !== 'committed') continue
        expect(outcome.mismatches).toEqual([])
        if (outcome.reorgDepth === 0n) roundsMax = Math.max(roundsMax, outcome.roundCount)
        await compare(follower, accounts, tally)
        if (block % FRESH_EVERY === 0) await compareFresh(follower, accounts)
      }
      expect(tally.liquidatable).toBeGreaterThan(0)
      console.log(
        `mirror of Venus core, seed ${seed}: ${BLOCKS} blocks, ${reorgs} reorgs, at most ${roundsMax} rounds, ${tally.positions} positions compared, ${tally.liquidatable} liquidatable, ${tally.unassessable} unassessable where the comptroller says PRICE_ERROR, 0 mismatches`,
      )
      follower.chain.close()
      follower.database.$client.close()
      await devnet.revert(snapshot)
    },
    TIMEOUT_MS,
  )
