import type { Address } from 'viem'
import type { Devnet } from '../../test/devnet/devnet.ts'
import { createRandom, type Random } from '../../test/devnet/random.ts'

/** A loan of the demo; one with a label is watched. */
export type Loan = { readonly account: Address; readonly label?: string }

const LOAN_COUNT = 100
const WATCHED = ['treasury', 'whale', 'farmer', 'carry trade', 'grandma'] as const

const units = (amount: number, decimals: number): bigint =>
  BigInt(Math.round(amount * 1e6)) * 10n ** BigInt(decimals - 6)

/** A varied loan: one to three collaterals worth a few thousand dollars, debt up to a health between 1.1 and 3. */
const randomLoan = (random: Random, account: Address, health: number) => {
  const ether = 1 + random.next() * 9
  const supplies: Record<string, bigint> = { WETH: units(ether, 18) }
  let capacity = ether * 3_000 * 0.83
  if (random.chance(0.4)) {
    const link = random.integer(50, 400)
    supplies['LINK'] = units(link, 18)
    capacity += link * 15 * 0.68
  }
  if (random.chance(0.3)) {
    supplies['WBTC'] = units(0.05, 8)
    capacity += 0.05 * 60_000 * 0.78
  }
  const debt = capacity / health
  const borrows = random.chance(0.5)
    ? { USDC: units(debt, 6) }
    : { DAI: units(debt * 0.6, 18), USDC: units(debt * 0.4, 6) }
  return { account, supplies, borrows }
}

/** Opens a hundred loans, the same ones every time; the first five are watched, the first of them nearest to the line. */
export const openLoans = async (devnet: Devnet): Promise<readonly Loan[]> => {
  const random = createRandom(2025)
  const loans = Array.from({ length: LOAN_COUNT }, (_, index): Loan => {
    const label = WATCHED[index]
    return { account: devnet.account(index), ...(label ? { label } : {}) }
  })
  const watchedHealth = [1.22, 1.3, 1.45, 1.62, 2.6]
  await devnet.openAccounts(
    loans.map(({ account }, index) =>
      randomLoan(random, account, watchedHealth[index] ?? 1.15 + random.next() * 1.8),
    ),
  )
  return loans
}
