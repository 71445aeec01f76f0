// The followed mirror of a comptroller against its own liquidity, and against a fresh read, through random blocks and reorgs.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Hash } from 'viem'
import { expect } from 'vitest'
import type { Position } from '../../src/model/market.ts'
import { assessAll } from '../../src/monitor/assessing.ts'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { Wanted } from '../../src/monitor/track.ts'
import type { Devnet } from '../devnet/devnet.ts'
import type { Transaction } from '../devnet/plan.ts'
import type { Random } from '../devnet/random.ts'
import { readAfresh } from './afresh.ts'
import { closeFollower, followDevnet } from './follower.ts'

/** What the contracts themselves say of an account: liquidity (negative: a shortfall), accrued to the block and as the view has it. */
export type AccountTruth = {
  readonly code: bigint
  readonly accrued: bigint
  readonly stored: bigint
  readonly vai?: bigint
}

export type ComptrollerRun = {
  readonly name: string
  readonly devnet: Devnet
  readonly wanted: Wanted
  readonly random: Random
  readonly accounts: readonly Address[]
  readonly blocks: number
  /** A block of random activity. */
  next(): readonly Transaction[]
  truthAt(hash: Hash, accounts: readonly Address[]): Promise<ReadonlyMap<Address, AccountTruth>>
}

const REORG_EVERY = 12
const REORG_DEPTH_MAX = 20
const FRESH_EVERY = 10
const BLOCK_SECONDS_MAX = 30
/** The comptroller's PRICE_ERROR. */
const PRICE_ERROR = 13n

type Tally = { positions: number; liquidatable: number; unassessable: number }

const compare = async (
  { accounts, truthAt }: ComptrollerRun,
  { book: { cursor, tracked } }: Follower,
  tally: Tally,
): Promise<void> => {
  if (!cursor) throw new Error('nothing was followed')
  const truth = await truthAt(cursor.hash, accounts)
  const assessments = assessAll(tracked, cursor)
  const owners = new Set(assessments.map(({ owner }) => owner))
  for (const [account, { code, accrued }] of truth)
    if (code === 0n && accrued < 0n) expect(owners).toContain(account)
  for (const assessment of assessments) {
    const { owner } = assessment
    const expected = truth.get(owner)
    if (!expected) continue
    if (assessment.kind === 'unassessable') {
      expect([owner, assessment.detail, expected.code]).toEqual([owner, assessment.detail, PRICE_ERROR])
      tally.unassessable += 1
      continue
    }
    const { liquidationValue, debtValue, debt, fidelity, stored, isLiquidatable } = assessment
    const vai = debt.find(({ symbol }) => symbol === 'VAI')?.amount ?? 0n
    const ours = [cursor.number, owner, (liquidationValue ?? 0n) - debtValue, vai, fidelity]
    expect(ours).toEqual([cursor.number, owner, expected.accrued, expected.vai ?? 0n, 'exact'])
    expect(stored?.isLiquidatable).toBe(expected.stored < 0n)
    tally.positions += 1
    tally.liquidatable += Number(isLiquidatable)
  }
}

const withoutBlock = ({ asOf: _asOf, ...position }: Position): object => position

/** The followed state is the state that a fresh read finds, to the principal and index of every debt. */
const compareFresh = async (
  { accounts, wanted }: ComptrollerRun,
  { chain, book: { cursor, tracked } }: Follower,
): Promise<void> => {
  const [only] = tracked
  if (!cursor || !only) throw new Error('nothing was followed')
  const fresh = await readAfresh(chain, cursor, wanted, accounts)
  for (const account of accounts) {
    const key = `comptroller:${account}`
    const [ours, theirs] = [only.mirror.positions.get(key), fresh.positions.get(key)]
    expect(ours && withoutBlock(ours)).toEqual(theirs && withoutBlock(theirs))
  }
}

/** Follows through the run's blocks and compares at every cycle; the report says how much was compared. */
export const compareMirror = async (run: ComptrollerRun): Promise<string> => {
  const { name, devnet, wanted, random, blocks, next } = run
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-comptroller-')), 'm.db')
  const follower = await followDevnet(devnet, file, { wanted: [wanted], limits: { auditsPerHead: 3 } })
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  await compareFresh(run, follower)
  const tally: Tally = { positions: 0, liquidatable: 0, unassessable: 0 }
  let [reorgs, roundsMax] = [0, 0]
  for (let block = 1; block <= blocks; block++) {
    await devnet.send(next(), random.integer(1, BLOCK_SECONDS_MAX))
    const isReorg = block % REORG_EVERY === 0 && block > REORG_DEPTH_MAX
    if (isReorg) {
      const replace = () => devnet.send(next())
      await devnet.reorg(random.integer(1, REORG_DEPTH_MAX), { replace, extraBlocks: 1 })
      reorgs += 1
    }
    if (!isReorg && random.integer(0, 2) === 0) continue
    const outcome = await runCycle(follower, await follower.chain.head())
    if (outcome.kind !== 'committed') continue
    expect(outcome.mismatches).toEqual([])
    if (outcome.reorgDepth === 0n) roundsMax = Math.max(roundsMax, outcome.roundCount)
    await compare(run, follower, tally)
    if (block % FRESH_EVERY === 0) await compareFresh(run, follower)
  }
  closeFollower(follower)
  expect(tally.liquidatable).toBeGreaterThan(0)
  expect(roundsMax).toBe(1)
  return `mirror of ${name}: ${blocks} blocks, ${reorgs} reorgs, at most ${roundsMax} round, ${tally.positions} positions compared, ${tally.liquidatable} liquidatable, ${tally.unassessable} unassessable where the comptroller says PRICE_ERROR, 0 mismatches`
}
