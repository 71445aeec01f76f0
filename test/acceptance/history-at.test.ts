// The past through the command line: what was followed is recomputed, what was not is said.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { cli } from '../support/cli.ts'
import { createWorkspace, type Workspace } from '../support/workspace.ts'

const ETHER = 10n ** 18n

let devnet: Devnet
let work: Workspace
/** Heads at which the store was synced. */
const heads: number[] = []

const sync = async (): Promise<void> => {
  expect((await cli(['sync', '--config', work.configFile])).exitCode).toBe(0)
  heads.push(Number((await devnet.head()).number))
}

const historyAt = async (who: string, block: number | string, ...more: readonly string[]) =>
  cli(['history', who, '--at', String(block), '--config', work.configFile, ...more])

beforeAll(async () => {
  devnet = await startDevnet({ stateBlocksMax: 1_000 })
  work = createWorkspace(devnet, { rpc: [devnet.url] })
  await devnet.openAccounts([
    { account: devnet.account(0), supplies: { WETH: ETHER }, borrows: { USDC: 1_500_000_000n } },
  ])
  await sync()
  await devnet.movePrice('WETH', 0.7)
  await sync()
  await devnet.act({ kind: 'repay', account: devnet.account(0), asset: 'USDC', amount: 400_000_000n })
  await devnet.openAccounts([
    { account: devnet.account(1), supplies: { WETH: ETHER }, borrows: { USDC: 900_000_000n } },
  ])
  await sync()
})
afterAll(() => devnet.stop())

/** What `check` says of a loan besides its health. */
const RISK = [
  'leverage',
  'liquidationPrices',
  'shock',
  'shocks',
  'secondsToLiquidation',
  'borrowCostPerYear',
  'margin',
  'repairs',
]

const withoutRisk = (position: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(position).filter(([name]) => !RISK.includes(name)))

test('every synced block gives what a check of that block reads from the chain', async () => {
  const account = devnet.account(0)
  const healths = new Set<string>()
  for (const block of heads) {
    const { stdout, exitCode } = await historyAt(account, block, '--json')
    const answer = JSON.parse(stdout)
    expect([exitCode, answer.at, answer.isObserved, answer.historyDays]).toEqual([0, String(block), true, 90])
    const checked = await cli([
      'check',
      account,
      '--block',
      String(block),
      '--json',
      '--config',
      work.configFile,
    ])
    const [chain] = JSON.parse(checked.stdout).chains
    const [checkedPosition] = chain.positions
    const position = withoutRisk(checkedPosition)
    expect(answer.positions).toEqual([position])
    healths.add(checkedPosition.healthFactor)
  }
  expect(healths.size).toBe(heads.length)
})

test('people read a card, of a position as of an account', async () => {
  const [first = 0, second = 0] = heads
  const account = devnet.account(0)
  const healthy = await historyAt(account, first)
  expect(healthy.stdout).toMatch(/health 1\.\d+ · healthy/)
  expect(healthy.stdout).toContain('history reaches back 90 days')
  const position = `${devnet.chainId}:aave-v3:main:pool:${account}`
  const later = await historyAt(position, second)
  expect(later.stdout).toMatch(/health \d\.\d+ · /)
  expect(later.stdout).not.toBe(healthy.stdout)
})

test('what was not observed is said, with what was next to it', async () => {
  const [first = 0] = heads
  const account = devnet.account(0)
  const before = await historyAt(account, first - 1)
  expect([before.exitCode, before.stdout]).toEqual([
    3,
    expect.stringContaining(`block ${first - 1} was not observed; observed next to it: ${first}`),
  ])
  const { stdout, exitCode } = await historyAt(account, first - 1, '--json')
  expect(exitCode).toBe(3)
  expect(JSON.parse(stdout)).toMatchObject({
    isObserved: false,
    nearest: { before: null, after: { number: String(first) } },
    positions: [],
  })
  const notYet = await historyAt(devnet.account(1), first)
  expect([notYet.exitCode, notYet.stdout]).toEqual([
    3,
    expect.stringContaining('was not there, or not read yet'),
  ])
  const nobody = await historyAt('0x0000000000000000000000000000000000000001', first)
  expect([nobody.exitCode, nobody.stdout]).toEqual([3, expect.stringContaining('nothing is stored of')])
})

test('a block that is no number is refused', async () => {
  const { exitCode, stderr } = await historyAt(devnet.account(0), 'latest')
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--at is "latest"')])
})
