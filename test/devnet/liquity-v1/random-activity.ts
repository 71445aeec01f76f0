// Random life of a system: whatever borrowers, depositors, redeemers and liquidators may do, much of which is refused.
import { type Address, encodeFunctionData, toHex } from 'viem'
import type { Devnet } from '../devnet.ts'
import { namedAccount, type Transaction } from '../plan.ts'
import type { Random } from '../random.ts'
import { sendAll } from '../send-all.ts'
import { hintsAbi, paramsAbi } from './abis.ts'
import { actorOf, FIRST_PRICE, type LiquitySystem } from './system.ts'

const WAD = 10n ** 18n
const PLENTY = 2n ** 120n

/** Keeps the system alive with a trove of its own, and lends its debt token to everybody. */
export const FUNDER: Address = namedAccount('liquity funder')

/** In debt tokens: below the minimum of Zero now and then, above that of Liquity mostly. */
const DEBTS = { LUSD: [1_500, 60_000], ZUSD: [150, 6_000] } as const

export type LiquityActivity = {
  /** Everybody's first trove and deposit. */
  open(): Promise<void>
  /** What happens in one block. */
  next(): Promise<readonly Transaction[]>
}

export type ActivityOptions = {
  readonly devnet: Devnet
  readonly random: Random
  readonly system: LiquitySystem
  readonly accounts: readonly Address[]
}

/** Builds the activity of one seed. */
export const createLiquityActivity = ({
  devnet,
  random,
  system,
  accounts,
}: ActivityOptions): LiquityActivity => {
  const [debtMin, debtMax] = DEBTS[system.family]
  let price = FIRST_PRICE

  const someDebt = (): bigint => BigInt(Math.floor(random.magnitude(debtMin, debtMax) * 1e6)) * 10n ** 12n

  /** Collateral for a debt at a ratio in percent. */
  const backing = (debt: bigint, percent: number): bigint => (debt * WAD * BigInt(percent)) / (price * 100n)

  const openOne = (from: Address): Transaction => {
    const debt = someDebt()
    return actorOf(system, from).open(backing(debt, random.integer(112, 260)), debt)
  }

  const movePrice = (): Promise<readonly Transaction[]> => {
    const moved = (price * BigInt(random.integer(72, 132))) / 100n
    const isWild = moved > 2n * FIRST_PRICE || moved < FIRST_PRICE / 3n
    price = isWild ? FIRST_PRICE : moved
    return system.report(price, !random.chance(0.05))
  }

  const ofBorrower = (): Transaction => {
    const from = random.pick(accounts)
    const actor = actorOf(system, from)
    const debt = someDebt() / 5n
    const coll = backing(debt, random.integer(50, 200))
    if (random.chance(0.45)) return openOne(from)
    switch (random.integer(0, 7)) {
      case 0:
        return actor.supply(coll)
      case 1:
        return actor.withdraw(random.chance(0.1) ? PLENTY : coll)
      case 2:
      case 3:
        return actor.borrow(random.chance(0.05) ? 0n : debt)
      case 4:
        return actor.repay(debt)
      case 5:
        return actor.adjust(coll, debt)
      case 6:
        return actor.close()
      default:
        return actor.claim()
    }
  }

  const ofDepositor = (): Transaction => {
    const actor = actorOf(system, random.pick([FUNDER, ...accounts]))
    const amount = someDebt()
    switch (random.integer(0, 4)) {
      case 0:
      case 1:
        return actor.deposit(amount)
      case 2:
        return actor.undeposit(random.chance(0.3) ? PLENTY : amount)
      case 3:
        return actor.gainToTrove()
      default:
        return actor.send(random.pick(accounts), amount)
    }
  }

  const ofLiquidator = (): Transaction => {
    const actor = actorOf(system, random.pick(accounts))
    switch (random.integer(0, 2)) {
      case 0:
        return actor.liquidate(random.pick(accounts))
      case 1:
        return actor.liquidateBatch(random.sample(accounts, random.integer(0, 4)))
      default:
        return actor.liquidateSequence(BigInt(random.integer(0, 4)))
    }
  }

  /** With the hints of the head before: another transaction of the block may make them wrong. */
  const redemption = async (): Promise<Transaction> => {
    const amount = someDebt()
    const args = [amount, price, 0n] as const
    const read = { address: system.hints, abi: hintsAbi, functionName: 'getRedemptionHints', args } as const
    const [first, partialNICR, truncated] = await devnet.client.readContract(read)
    const isWhole = random.chance(0.3)
    const from = random.pick([FUNDER, ...accounts])
    return actorOf(system, from).redeem(isWhole ? amount : truncated, first, partialNICR)
  }

  const configure = (to: Address): Transaction => {
    const percent = (min: number, max: number): readonly [bigint] => [
      (BigInt(random.integer(min, max)) * WAD) / 100n,
    ]
    const abi = paramsAbi
    const data = random.pick([
      () => encodeFunctionData({ abi, functionName: 'setMCR', args: percent(105, 120) }),
      () => encodeFunctionData({ abi, functionName: 'setCCR', args: percent(140, 160) }),
      () => encodeFunctionData({ abi, functionName: 'setBorrowingFeeFloor', args: percent(0, 3) }),
      () => encodeFunctionData({ abi, functionName: 'setRedemptionFeeFloor', args: percent(0, 3) }),
      () =>
        encodeFunctionData({
          abi,
          functionName: 'setPercentDivisor',
          args: [BigInt(random.integer(100, 400))],
        }),
    ])()
    return { from: system.admin, to, data }
  }

  const some = async (): Promise<readonly Transaction[]> => {
    const dice = random.next()
    if (dice < 0.42) return [ofBorrower()]
    if (dice < 0.57) return [ofDepositor()]
    if (dice < 0.75) return movePrice()
    if (dice < 0.92) return [ofLiquidator()]
    if (dice < 0.98 || !system.baseParams) return [await redemption()]
    return [configure(system.baseParams)]
  }

  return {
    open: async () => {
      for (const account of [FUNDER, ...accounts])
        await devnet.rpc.request('anvil_setBalance', [account, toHex(PLENTY)])
      const funder = actorOf(system, FUNDER)
      const supply = BigInt(debtMax) * 20n * WAD
      await sendAll(devnet, 'a trove to lend from', [
        funder.open(backing(supply, 210), supply),
        funder.deposit(supply / 10n),
        ...accounts.map((account) => funder.send(account, supply / 100n)),
      ])
      await devnet.send(accounts.map(openOne))
    },
    next: async () => {
      const transactions: Transaction[] = []
      for (let left = random.integer(0, 8); left > 0; left--) transactions.push(...(await some()))
      return transactions
    },
  }
}
