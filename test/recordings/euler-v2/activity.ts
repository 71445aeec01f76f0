// Ordinary activity: what owners do with their sub-accounts, what liquidators, price sources and the governor do.
import { type Address, decodeFunctionResult, getAddress, type Hex } from 'viem'
import type { Devnet } from '../../devnet/devnet.ts'
import type { Transaction } from '../../devnet/plan.ts'
import type { Random } from '../../devnet/random.ts'
import { abi, encode, type Step } from './contracts.ts'
import { createGoverning } from './governing.ts'
import { BORROWABLE, collateralsOf, share, unitsOf } from './units.ts'
import type { VaultName, World } from './world.ts'

const MAX = 2n ** 256n - 1n
const SUB_ACCOUNTS = 6
const NONE: Address = '0x0000000000000000000000000000000000000000'

/** An owner's n-th account: the same address but for the last byte. */
export const subAccount = (owner: Address, id: number): Address =>
  getAddress(`0x${(BigInt(owner) ^ BigInt(id)).toString(16).padStart(40, '0')}`)

type Loan = {
  readonly owner: Address
  readonly account: Address
  readonly controller: VaultName
  readonly collaterals: readonly VaultName[]
}

/** Everything that can happen; most of it is accepted. */
export const createActivity = (devnet: Devnet, world: World, random: Random, owners: readonly Address[]) => {
  const { vaults, evc } = world
  const { movePrices, breakFeed, govern } = createGoverning(world, random)
  const loans: Loan[] = []

  const batch = (from: Address, steps: readonly Step[]): Transaction => {
    const items = steps.map(({ to, account = NONE, data }) => ({
      ...{ targetContract: to, onBehalfOfAccount: account, value: 0n, data },
    }))
    return { from, to: evc, data: encode({ functionName: 'batch', args: [items] }) }
  }

  const viewed = async (to: Address, data: Hex): Promise<Hex | undefined> =>
    devnet.rpc.request<Hex>('eth_call', [{ to, data }, 'latest']).catch(() => undefined)
  const amountOf = async (
    name: 'balanceOf' | 'debtOf',
    vault: VaultName,
    account: Address,
  ): Promise<bigint> => {
    const answer = await viewed(vaults[vault], encode({ functionName: name, args: [account] }))
    return answer && answer !== '0x' ? BigInt(answer) : 0n
  }

  const deposit = (owner: Address, account: Address, vault: VaultName, dollars: bigint): Step => ({
    to: vaults[vault],
    account: owner,
    data: encode({ functionName: 'deposit', args: [unitsOf(vault, dollars), account] }),
  })

  const open = (owner: Address): Transaction => {
    const account = subAccount(owner, random.integer(0, SUB_ACCOUNTS - 1))
    const controller = random.pick(BORROWABLE)
    const taken = collateralsOf(controller)
    const collaterals = random.sample(taken, random.integer(1, taken.length))
    const dollars = BigInt(Math.round(random.magnitude(50, 200_000)))
    loans.push({ owner, account, controller, collaterals })
    const borrowed = share(dollars * BigInt(collaterals.length), random.integer(400_000, 860_000))
    return batch(owner, [
      { to: evc, data: encode({ functionName: 'enableController', args: [account, vaults[controller]] }) },
      ...collaterals.flatMap((name): readonly Step[] => [
        { to: evc, data: encode({ functionName: 'enableCollateral', args: [account, vaults[name]] }) },
        deposit(owner, account, name, dollars),
      ]),
      {
        to: vaults[controller],
        account,
        data: encode({ functionName: 'borrow', args: [unitsOf(controller, borrowed), owner] }),
      },
    ])
  }

  /** A loan that stays as it is, in a vault that prices WETH in dollars: what WETH is worth is then known throughout. */
  const openLasting = (owner: Address): Transaction => {
    const account = subAccount(owner, 250)
    const enabled = [
      encode({ functionName: 'enableController', args: [account, vaults.eWETH] }),
      encode({ functionName: 'enableCollateral', args: [account, vaults.eUSDC] }),
    ].map((data): Step => ({ to: evc, data }))
    const data = encode({ functionName: 'borrow', args: [unitsOf('eWETH', 10n), owner] })
    return batch(owner, [
      ...enabled,
      deposit(owner, account, 'eUSDC', 9_000n),
      { to: vaults.eWETH, account, data },
    ])
  }

  const repay = async ({ owner, account, controller }: Loan): Promise<Transaction> => {
    const debt = await amountOf('debtOf', controller, account)
    const isAll = random.chance(0.3)
    const amount = isAll ? MAX : share(debt, random.integer(1, 900_000)) + 1n
    const steps: Step[] = [
      {
        to: vaults[controller],
        account: owner,
        data: encode({ functionName: 'repay', args: [amount, account] }),
      },
    ]
    if (isAll && random.chance(0.6))
      steps.push({ to: vaults[controller], account, data: encode({ functionName: 'disableController' }) })
    return batch(owner, steps)
  }

  const withdraw = async ({ owner, account, collaterals }: Loan): Promise<Transaction> => {
    const vault = random.pick(collaterals)
    const shares = await amountOf('balanceOf', vault, account)
    const amount = share(shares, random.integer(1_000, 400_000))
    const to = vaults[vault]
    const other = subAccount(owner, random.integer(0, SUB_ACCOUNTS - 1))
    const data = random.chance(0.3)
      ? encode({ functionName: 'transfer', args: [other, amount] })
      : encode({ functionName: 'redeem', args: [amount, owner, account] })
    return batch(owner, [{ to, account, data }])
  }

  const borrowMore = async ({ owner, account, controller }: Loan): Promise<Transaction> => {
    const debt = await amountOf('debtOf', controller, account)
    const amount = share(debt, random.integer(1_000, 200_000)) + 1n
    return batch(owner, [
      { to: vaults[controller], account, data: encode({ functionName: 'borrow', args: [amount, owner] }) },
    ])
  }

  const rearrange = ({ owner, account, collaterals }: Loan): Transaction => {
    const vault = vaults[random.pick(collaterals)]
    const data = random.chance(0.5)
      ? encode({ functionName: 'reorderCollaterals', args: [account, 0, 1] })
      : random.chance(0.5)
        ? encode({ functionName: 'disableCollateral', args: [account, vault] })
        : encode({ functionName: 'enableCollateral', args: [account, vault] })
    return batch(owner, [{ to: evc, data }])
  }

  const pullDebt = async (loan: Loan): Promise<Transaction> => {
    const { controller, account } = loan
    const from = random.pick(loans.filter((one) => one.controller === controller)).account
    const debt = await amountOf('debtOf', controller, from)
    const amount = random.chance(0.2) ? MAX : share(debt, random.integer(1_000, 500_000)) + 1n
    return batch(loan.owner, [
      { to: vaults[controller], account, data: encode({ functionName: 'pullDebt', args: [amount, from] }) },
    ])
  }

  const seizable = async ({ account, controller, collaterals }: Loan, liquidator: Address) => {
    for (const collateral of random.sample(collaterals, collaterals.length)) {
      const args = [liquidator, account, vaults[collateral]] as const
      const data = encode({ functionName: 'checkLiquidation', args })
      const answer = await viewed(vaults[controller], data)
      if (!answer || answer === '0x') continue
      const [repayMax, yieldMax] = decodeFunctionResult({
        abi,
        functionName: 'checkLiquidation',
        data: answer,
      })
      if (repayMax > 0n || yieldMax > 0n) return { collateral, repayMax }
    }
    return undefined
  }

  /** The liquidator's last sub-account takes the debt over, with collateral of its own. */
  const liquidate = async (): Promise<Transaction | undefined> => {
    for (const loan of random.sample(loans, 12)) {
      const owner = random.pick(owners)
      const account = subAccount(owner, 200 + BORROWABLE.indexOf(loan.controller))
      const found = await seizable(loan, account)
      if (!found) continue
      const { collateral, repayMax } = found
      const own = random.pick(collateralsOf(loan.controller))
      const amount = random.chance(0.5) ? MAX : share(repayMax, random.integer(1, 1_000_000))
      loans.push({
        owner,
        account,
        controller: loan.controller,
        collaterals: [...new Set([own, collateral])],
      })
      return batch(owner, [
        {
          to: evc,
          data: encode({ functionName: 'enableController', args: [account, vaults[loan.controller]] }),
        },
        ...[...new Set([own, collateral])].map((name) => ({
          to: evc,
          data: encode({ functionName: 'enableCollateral', args: [account, vaults[name]] }),
        })),
        deposit(owner, account, own, 400_000n),
        {
          to: vaults[loan.controller],
          account,
          data: encode({
            functionName: 'liquidate',
            args: [loan.account, vaults[collateral], amount, 0n],
          }),
        },
      ])
    }
    return undefined
  }

  const ofLoan = async (): Promise<Transaction> => {
    const loan = random.pick(loans)
    const acts: readonly (() => Transaction | Promise<Transaction>)[] = [
      () => repay(loan),
      () => repay(loan),
      () => withdraw(loan),
      () => borrowMore(loan),
      () => rearrange(loan),
      () => pullDebt(loan),
      () => batch(loan.owner, [deposit(loan.owner, loan.account, random.pick(loan.collaterals), 700n)]),
    ]
    return random.pick(acts)()
  }

  /** A block: a few things at once, and now and then a long time after the last. */
  const next = async (): Promise<{
    readonly transactions: readonly Transaction[]
    readonly seconds: number
  }> => {
    const transactions: Transaction[] = []
    const isLate = random.chance(0.06)
    if (random.chance(0.4)) transactions.push(...movePrices())
    if (random.chance(0.04)) transactions.push(breakFeed(true))
    if (random.chance(0.3)) transactions.push(breakFeed(false))
    for (let count = random.integer(0, 3); count > 0; count--)
      transactions.push(random.chance(0.25) || loans.length < 6 ? open(random.pick(owners)) : await ofLoan())
    if (random.chance(0.8)) transactions.push(...[await liquidate()].flatMap((one) => one ?? []))
    if (random.chance(0.15)) transactions.push(govern())
    return { transactions, seconds: isLate ? random.integer(3_600, 200_000) : random.integer(1, 60) }
  }

  return { open, openLasting, next }
}
