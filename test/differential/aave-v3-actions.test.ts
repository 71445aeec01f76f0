// What accounts do with their own loans on the real pool, against what `act` said of it before, to the unit.
import { type Address, maxUint256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Action } from '../../src/model/liquidation.ts'
import { aaveV3 } from '../../src/protocols/aave-v3/index.ts'
import type { ActionOutcome } from '../devnet/aave-v3/actions.ts'
import { amountWorth, randomAccount } from '../devnet/aave-v3/random-account.ts'
import { createActivity } from '../devnet/aave-v3/random-activity.ts'
import { RESERVES } from '../devnet/aave-v3/reserves.ts'
import { type Devnet, startDevnet } from '../devnet/devnet.ts'
import { createRandom, type Random } from '../devnet/random.ts'
import { sized } from '../support/size.ts'
import { createReader, type Loan, type Reader, revertOf, settledState } from './aave-v3-support.ts'

const ROUNDS = sized(2, 15)
const ACTIONS = sized(25, 40)
const TIMEOUT_MS = sized(120_000, 1_800_000)
const ACCOUNTS = 10

let devnet: Devnet
let reader: Reader
beforeAll(async () => {
  devnet = await startDevnet()
  reader = createReader(devnet)
})
afterAll(async () => {
  reader.close()
  await devnet.stop()
})

const assetOf = (symbol: string): Address => devnet.addresses.reserves[symbol]?.asset as Address

type Named = { readonly kind: Action['kind']; readonly symbol: string; readonly amount: bigint }

const randomAmount = (random: Random, symbol: string): bigint => {
  const reserve = RESERVES.find((one) => one.symbol === symbol)
  const roll = random.next()
  if (roll < 0.05) return 0n
  if (roll < 0.1) return 1n
  if (roll < 0.35 || !reserve) return maxUint256
  return amountWorth(random, reserve, random.magnitude(1, 100_000))
}

const randomAction = (random: Random, held: readonly string[], owed: readonly string[]): Named => {
  const kind = random.pick(['supply', 'withdraw', 'borrow', 'repay'] as const)
  const own = { supply: held, withdraw: held, borrow: owed, repay: owed }[kind]
  const symbol = own.length > 0 && random.chance(0.7) ? random.pick(own) : random.pick(RESERVES).symbol
  const amount = randomAmount(random, symbol)
  const isUnbounded = amount === maxUint256 && (kind === 'supply' || kind === 'borrow')
  return { kind, symbol, amount: isUnbounded ? 1_000_000n : amount }
}

type Tally = { acted: Map<string, number>; refused: Map<string, number> }

const count = (tally: Map<string, number>, name: string): void => {
  tally.set(name, (tally.get(name) ?? 0) + 1)
}

/** Predicts one action, executes it and compares; the state stays as the action left it. */
const compare = async (random: Random, account: Address, tally: Tally): Promise<void> => {
  const assets = Object.values(devnet.addresses.reserves).map(({ asset }) => asset)
  const { market, position, env } = await reader.loan(account, { assets })
  const symbols = (side: 'scaledCollateral' | 'scaledVariableDebt') =>
    RESERVES.map(({ symbol }) => symbol).filter(
      (symbol) => (position.legs[assetOf(symbol)]?.[side] ?? 0n) > 0n,
    )
  const { kind, symbol, amount } = randomAction(
    random,
    symbols('scaledCollateral'),
    symbols('scaledVariableDebt'),
  )
  const leg = position.legs[assetOf(symbol)]
  const isStable = leg?.stableDebt !== undefined && leg.scaledVariableDebt === 0n
  const predicted = aaveV3.act(market, position, env, { kind, asset: assetOf(symbol), amount })
  const rate = kind === 'repay' && isStable ? ({ rate: 'stable' } as const) : {}
  const { outcomes } = await devnet.act(
    { kind, account, asset: symbol, amount, ...rate },
    { seconds: 12, tolerateReverts: true },
  )
  const outcome = outcomes[0] as ActionOutcome
  const label = { account, kind, symbol, amount }
  if (predicted.kind === 'blocked') {
    expect({ ...label, outcome: outcome.status, revert: revertOf(outcome) }).toEqual({
      ...label,
      outcome: 'reverted',
      revert: predicted.revert,
    })
    return count(tally.refused, predicted.revert)
  }
  expect({ ...label, outcome: outcome.status, reason: outcome.reason }).toEqual({
    ...label,
    outcome: 'success',
    reason: undefined,
  })
  expect({ ...label, after: settledState(predicted.after as unknown as Loan, assets) }).toEqual({
    ...label,
    after: settledState(await reader.loan(account, { assets }), assets),
  })
  count(tally.acted, kind)
}

test(
  `${ROUNDS * ACTIONS} random acts leave what was said, to the unit, or are refused in the pool's own words`,
  async () => {
    const random = createRandom(20_260_101)
    const tally: Tally = { acted: new Map(), refused: new Map() }
    const boot = await devnet.snapshot()
    for (let round = 0; round < ROUNDS; round++) {
      await devnet.revert(boot)
      const specs = Array.from({ length: ACCOUNTS }, (_, index) =>
        randomAccount(random, devnet.account(index)),
      )
      await devnet.openAccounts(specs, { tolerateReverts: true })
      const activity = createActivity(random, specs, { configuration: true, actionsPerBlockMax: 4 })
      for (let act = 0; act < ACTIONS; act++) {
        const { actions, seconds } = activity.next()
        await devnet.act(actions, { tolerateReverts: true, seconds })
        await compare(random, random.pick(specs).account, tally)
      }
    }
    const list = (counts: Map<string, number>) =>
      [...counts].map(([name, times]) => `${times} ${name}`).join(', ')
    console.log(`acts as predicted: ${list(tally.acted)}; refused as predicted: ${list(tally.refused)}`)
    expect([...tally.acted.keys()].sort()).toEqual(['borrow', 'repay', 'supply', 'withdraw'])
  },
  TIMEOUT_MS,
)
