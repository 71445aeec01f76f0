// A drawn account in the local pool's own units, at the prices and thresholds that the pool boots with.
import type { Address } from 'viem'
import type { AccountSpec } from '../../../test/devnet/aave-v3/accounts.ts'
import { RESERVES, type ReserveSpec } from '../../../test/devnet/aave-v3/reserves.ts'
import type { Drawn } from './draw.ts'

/** In the assets' smallest units, by symbol. */
export type Amounts = {
  readonly supplies: Readonly<Record<string, bigint>>
  readonly borrows: Readonly<Record<string, bigint>>
}

const USD = 1e8
const BPS = 10_000
/** What a borrower leaves of what may be borrowed, so that rounding does not refuse the loan. */
const MARGIN = 1.02

const reserves = new Map(RESERVES.map((reserve) => [reserve.symbol, reserve]))

const reserveOf = (symbol: string): ReserveSpec => {
  const reserve = reserves.get(symbol)
  if (!reserve) throw new RangeError(`the local pool has no ${symbol}`)
  return reserve
}

/** At least one unit, whatever that is worth. */
const amountOf = ({ price, decimals }: ReserveSpec, dollars: number): bigint => {
  const amount = (BigInt(Math.round(dollars * USD)) * 10n ** BigInt(decimals)) / price
  return amount > 0n ? amount : 1n
}

const dollarsOf = ({ price, decimals }: ReserveSpec, amount: bigint): number =>
  (Number(amount) / 10 ** decimals) * (Number(price) / USD)

/** Supplies that give the health that was drawn, as far as amounts are whole. */
export const amountsOf = (drawn: Drawn): Amounts => {
  const borrows = drawn.debts.map(({ symbol, share }) => {
    const reserve = reserveOf(symbol)
    return { reserve, amount: amountOf(reserve, drawn.debtDollars * share) }
  })
  const debt = borrows.reduce((sum, { reserve, amount }) => sum + dollarsOf(reserve, amount), 0)
  const threshold = drawn.collaterals.reduce(
    (sum, { symbol, share }) => sum + share * (reserveOf(symbol).liquidationThreshold / BPS),
    0,
  )
  const collateral = (debt * drawn.health) / threshold
  return {
    supplies: Object.fromEntries(
      drawn.collaterals.map(({ symbol, share }) => [symbol, amountOf(reserveOf(symbol), collateral * share)]),
    ),
    borrows: Object.fromEntries(borrows.map(({ reserve, amount }) => [reserve.symbol, amount])),
  }
}

/** Health at which a drawn account may just borrow: the pool lends by loan-to-value, not by threshold. */
const openingHealth = ({ collaterals }: Drawn): number => {
  const sumOf = (ratio: 'ltv' | 'liquidationThreshold') =>
    collaterals.reduce((sum, { symbol, share }) => sum + share * reserveOf(symbol)[ratio], 0)
  return (sumOf('liquidationThreshold') / sumOf('ltv')) * MARGIN
}

/** Debt below which whole units of small assets would decide an account's health. */
const OPENING_DEBT_DOLLARS_MIN = 0.1

/** The account as transactions can open it: where its health was drawn lower than the pool lends at, it is as low as that. */
export const specOf = (account: Address, drawn: Drawn): AccountSpec => ({
  account,
  ...amountsOf({
    ...drawn,
    debtDollars: Math.max(drawn.debtDollars, OPENING_DEBT_DOLLARS_MIN),
    health: Math.max(drawn.health, openingHealth(drawn)),
  }),
})
