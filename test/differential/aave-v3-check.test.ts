// `check --json` against the pool's own getUserAccountData at the same block hash, over random account states.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomAccount } from '../devnet/aave-v3/random-account.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom } from '../devnet/random.ts'
import { accountDataAt } from '../support/account-data.ts'
import { cli } from '../support/cli.ts'
import { sized } from '../support/size.ts'
import { createWorkspace } from '../support/workspace.ts'

const ACCOUNTS = sized(24, 120)
const ROUNDS = sized(3, 6)
const YEAR_SECONDS = 31_536_000

type CheckedPosition = {
  readonly kind: string
  readonly owner: `0x${string}`
  readonly collateralValue: string
  readonly debtValue: string
  readonly healthFactor: string
  readonly collateral: readonly unknown[]
  readonly debt: readonly unknown[]
}

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

/** Moves prices over twelve orders of magnitude, lets seconds to years pass, and once takes an asset's LTV away. */
const disturb = async (round: number, random: ReturnType<typeof createRandom>): Promise<void> => {
  const symbols = Object.keys(devnet.addresses.reserves)
  const prices = symbols.map((symbol) => {
    const exponent = round % 3 === 2 ? random.integer(2, 14) : random.integer(7, 12)
    return [symbol, BigInt(random.integer(1, 9)) * 10n ** BigInt(exponent)] as const
  })
  await devnet.setPrices(Object.fromEntries(prices))
  if (round === 1)
    await devnet.act({
      kind: 'configureCollateral',
      asset: 'SNX',
      ltv: 0,
      liquidationThreshold: 6_500,
      liquidationBonus: 10_850,
    })
  await devnet.increaseTime(round === 0 ? 1 : random.integer(1, round * YEAR_SECONDS))
}

test(`${ACCOUNTS * ROUNDS} random account states equal the contract to the unit`, async () => {
  const random = createRandom(20_240_805)
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => devnet.account(index))
  await devnet.openAccounts(
    accounts.map((account) => randomAccount(random, account)),
    { tolerateReverts: true },
  )
  const { configFile } = createWorkspace(devnet, { rpc: [devnet.url], follow: 'watched' })
  let compared = 0
  let withDebt = 0
  for (let round = 0; round < ROUNDS; round++) {
    await disturb(round, random)
    const { stdout, stderr, exitCode } = await cli(['check', ...accounts, '--config', configFile, '--json'])
    expect(stderr).toBe('')
    expect([0, 1]).toContain(exitCode)
    const { chains } = JSON.parse(stdout)
    const [{ block, positions }] = chains as [
      { block: { hash: `0x${string}` }; positions: CheckedPosition[] },
    ]
    const expected = await accountDataAt(devnet, block.hash, accounts)
    for (const account of accounts) {
      const truth = expected.get(account)
      const position = positions.find(({ owner }) => owner === account)
      if (!position) {
        expect([truth?.collateral, truth?.debt]).toEqual([0n, 0n])
        continue
      }
      const ours = [position.collateralValue, position.debtValue, position.healthFactor].map(BigInt)
      expect([account, ...ours]).toEqual([account, truth?.collateral, truth?.debt, truth?.healthFactor])
      compared += 1
      withDebt += Number(position.debt.length > 0)
    }
  }
  console.log(`check: ${compared} states compared, ${withDebt} with debt, 0 mismatches`)
  expect(compared).toBeGreaterThan(ACCOUNTS * ROUNDS * 0.8)
  expect(withDebt).toBeGreaterThan(compared / 2)
})
