// Rules over a past with real liquidations: what was firing before, how long, and what came without a warning.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Follower, runCycle } from '../../src/monitor/cycle.ts'
import { syncTo } from '../../src/monitor/follow.ts'
import type { Action } from '../devnet/aave-v3/actions.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { closeFollower, followDevnet } from '../support/follower.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n
const USDC = 10n ** 6n
const DOLLAR = 10n ** 8n

const NEAR = { name: 'Near', severity: 'warning', when: 'healthFactor < 1.05', until: 'healthFactor > 1.08' }
const LIQUIDATABLE = { name: 'Liquidatable', severity: 'critical', when: 'isLiquidatable == true' }

let devnet: Devnet
let work: Workspace
/** Follows all the while, as a daemon would: the command reads beside it. */
let follower: Follower

const follow = async (): Promise<void> => {
  await runCycle(follower, await follower.chain.head())
}

const price = (dollars: bigint): Action => ({ kind: 'setPrice', asset: 'WETH', price: dollars * DOLLAR })

const liquidate = (borrower: number, dollars: bigint): Action => ({
  kind: 'liquidate',
  ...{ liquidator: devnet.account(9), borrower: devnet.account(borrower) },
  ...{ debt: 'USDC', collateral: 'WETH', amount: dollars * USDC },
})

const actAndFollow = async (actions: Action | readonly Action[]) => {
  const { block } = await devnet.act(actions)
  await follow()
  return block
}

/** Blocks by what happened in them. */
let blocks: Readonly<Record<'fall' | 'warned' | 'missed', Awaited<ReturnType<typeof actAndFollow>>>>

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 1_000 })
  await devnet.openAccounts(
    [1_520n, 1_000n, 1_530n, 100n].map((debt, index) => ({
      account: devnet.account(index),
      supplies: { WETH: ETHER },
      borrows: { USDC: debt * USDC },
    })),
  )
  work = createWorkspace(devnet, {
    rpc: [devnet.url],
    rules: [NEAR, LIQUIDATABLE],
    watch: [0, 1, 2, 3].map((index) => ({
      account: devnet.account(index),
      label: ['treasury', 'surprised', 'careful', 'calm'][index] as string,
    })),
  })
  await devnet.act(price(2_000n))
  follower = await followDevnet(devnet, work.storeFile)
  await syncTo(follower, await follower.chain.head(), () => undefined, new AbortController().signal)
  const fall = await actAndFollow(price(1_900n))
  await actAndFollow({ kind: 'repay', account: devnet.account(2), asset: 'USDC', amount: 500n * USDC })
  await devnet.mine({ blocks: 3 })
  await follow()
  await actAndFollow(price(1_800n))
  const warned = await actAndFollow(liquidate(0, 700n))
  const missed = await actAndFollow([price(1_100n), liquidate(1, 400n)])
  await actAndFollow(price(1_090n))
  blocks = { fall, warned, missed }
})
afterAll(async () => {
  closeFollower(follower)
  await devnet.stop()
})

const replay = async (...args: readonly string[]) => cli(['replay', '--config', work.configFile, ...args])

const idOf = (index: number): string => `${devnet.chainId}:aave-v3:main:pool:${devnet.account(index)}`

test('every liquidation is told with what was firing before, and how long', async () => {
  const { exitCode, stdout } = await replay('--json')
  const { chains, summary } = JSON.parse(stdout)
  expect(exitCode).toBe(1)
  expect(summary).toMatchObject({ liquidationCount: 2, warnedCount: 1, missedCount: 1 })
  const [{ loans, everySeconds, observedCount, replayedCount, first, last }] = chains
  expect([everySeconds, replayedCount]).toEqual([null, observedCount])
  expect(Number(last.number) - Number(first.number) + 1).toBeGreaterThan(observedCount)
  const loan = (index: number) => loans.find(({ id }: { id: string }) => id === idOf(index))
  expect(loan(0)).toMatchObject({ label: 'treasury', owner: devnet.account(0) })
  const { fall, warned, missed } = blocks
  expect(loan(0).liquidations).toMatchObject([
    {
      blockNumber: String(warned.number),
      timestamp: Number(warned.timestamp),
      isTimeExact: true,
      isMissed: false,
      warnings: [
        {
          rule: 'Near',
          severity: 'warning',
          leadSeconds: Number(warned.timestamp) - Number(fall.timestamp),
          leadBlocks: String(Number(warned.number) - Number(fall.number)),
          isAtLeast: false,
        },
        { rule: 'Liquidatable', severity: 'critical', leadBlocks: '1' },
      ],
    },
  ])
  expect(loan(1).liquidations).toMatchObject([
    { blockNumber: String(missed.number), isMissed: true, warnings: [] },
  ])
  expect(loan(2).episodes).toMatchObject([
    { rule: 'Near', outcome: 'no-liquidation', start: { number: String(fall.number) } },
    { rule: 'Near', outcome: 'still-firing', end: null },
    { rule: 'Liquidatable', outcome: 'still-firing' },
  ])
  expect(loan(3)).toMatchObject({ episodes: [], liquidations: [] })
})

test('people read a line of health for each loan with marks, and counts', async () => {
  const { stdout } = await replay('--account', devnet.account(0), devnet.account(1))
  for (const part of [
    /\d+ of \d+ blocks were observed, at most \d+ seconds apart; all of them replayed; \d+ exact assessments of 2 loans/,
    /treasury · 31337:aave-v3:main:pool:0x\w{40}\n {2}health 1\.0921 → 0\.\d+, lowest 0\.\d+\n {2}[▁-█]+\n {2} +· +! *✗/,
    /warning +Near +\d+ seconds +0\.9828 +then liquidated|critical +Liquidatable +\d+ seconds +0\.9828 +then liquidated/,
    /✗ liquidated at \S+, block \d+: Near \d+ seconds \(\d+ blocks\) before, Liquidatable \d+ seconds? \(1 blocks?\) before/,
    /✗ liquidated at \S+, block \d+: MISSED: no alert before/,
    /2 liquidations, 1 without an alert before/,
  ])
    expect(stdout).toMatch(part)
})

test('rules of a file take the place of the configured ones; blocks are thinned, but not where something happened', async () => {
  const file = join(work.folder, 'rules.yaml')
  writeFileSync(
    file,
    JSON.stringify({ rules: [{ ...LIQUIDATABLE, name: 'Low', when: 'healthFactor < 1.7', scope: 'book' }] }),
  )
  const { exitCode, stdout } = await replay('--rules', file, '--every', '1d', '--json')
  const { chains, summary, rules } = JSON.parse(stdout)
  expect([exitCode, rules, summary.missedCount]).toEqual([0, ['Low'], 0])
  expect(chains).toMatchObject([{ everySeconds: 86_400, bookLoanCount: 4 }])
  const surprised = chains[0].loans.find(({ id }: { id: string }) => id === idOf(1))
  expect(surprised.liquidations[0].warnings).toMatchObject([{ rule: 'Low', isAtLeast: true }])
})

test('a time that was not observed, and rules that are wrong, are refused', async () => {
  const early = await replay('--until', '2020-01-01')
  expect([early.exitCode, early.stdout]).toEqual([
    3,
    expect.stringMatching(/nothing was observed in this time; there is history of chain 31337 back to 20/),
  ])
  const file = join(work.folder, 'wrong.yaml')
  writeFileSync(file, 'rules:\n  - { name: A, severity: warning, when: "health < 1" }\n')
  expect(await replay('--rules', file)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(
      'wrong.yaml:2:35 rules[0].when: rule A, when: "health < 1" at character 1',
    ),
  })
})
