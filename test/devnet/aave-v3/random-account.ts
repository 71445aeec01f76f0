import type { Address } from 'viem'
import type { Random } from '../random.ts'
import type { AccountSpec } from './accounts.ts'
import { E_MODES, RESERVES, type ReserveSpec } from './reserves.ts'

export type RandomAccountOptions = {
  /** The pool's reserves with the prices that hold; those at boot unless told. */
  readonly reserves?: readonly ReserveSpec[]
}

const DOLLAR = 10 ** 8
const BPS = 10_000
const COLLATERAL_DOLLARS_MIN = 50
const COLLATERAL_DOLLARS_MAX = 200_000

/** An amount worth about so many dollars, whose low digits are random too. */
export const amountWorth = (random: Random, reserve: ReserveSpec, dollars: number): bigint => {
  const value = BigInt(Math.max(1, Math.round(dollars * DOLLAR)))
  const amount = (value * 10n ** BigInt(reserve.decimals)) / reserve.price
  return amount + random.bigint(amount / 1_000n + 2n)
}

const ltvOf = (reserve: ReserveSpec, eMode: number): number =>
  (reserve.eMode === eMode && E_MODES.find((mode) => mode.category === eMode)?.ltv) || reserve.ltv

const splitDollars = (random: Random, total: number, parts: number): number[] => {
  const weights = Array.from({ length: parts }, () => 0.05 + random.next())
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => (total * weight) / sum)
}

const isolatedAccount = (
  random: Random,
  account: Address,
  reserves: readonly ReserveSpec[],
  isolated: ReserveSpec,
): AccountSpec => {
  const dollars = random.magnitude(COLLATERAL_DOLLARS_MIN, 5_000)
  const debt = random.pick(reserves.filter((reserve) => reserve.borrowableInIsolation))
  const borrowed = (dollars * isolated.ltv * random.next()) / BPS
  return {
    account,
    supplies: { [isolated.symbol]: amountWorth(random, isolated, dollars) },
    collateralOn: [isolated.symbol],
    borrows: { [debt.symbol]: amountWorth(random, debt, borrowed) },
  }
}

/**
 * A random position: 1 to 4 collaterals, some switched off, 1 to 3 debts from a little to nearly all that may be
 * borrowed, with and without e-mode, sometimes isolated or at a stable rate. Aave refuses some of these: open them
 * with `tolerateReverts`.
 */
export const randomAccount = (
  random: Random,
  account: Address,
  { reserves = RESERVES }: RandomAccountOptions = {},
): AccountSpec => {
  const isolated = reserves.find((reserve) => reserve.debtCeiling)
  if (isolated && random.chance(0.06)) return isolatedAccount(random, account, reserves, isolated)
  const ordinary = reserves.filter((reserve) => !reserve.debtCeiling)
  const eMode = random.chance(0.3) ? random.pick(E_MODES).category : 0
  const members = ordinary.filter((reserve) => eMode !== 0 && reserve.eMode === eMode)
  const collaterals = [
    ...new Set([...random.sample(members, 1), ...random.sample(ordinary, random.integer(1, 4))]),
  ].slice(0, 4)
  const worth = collaterals.map(() => random.magnitude(COLLATERAL_DOLLARS_MIN, COLLATERAL_DOLLARS_MAX))
  const off = new Set(collaterals.slice(1).filter(() => random.chance(0.2)))

  const power = collaterals.reduce(
    (sum, reserve, index) =>
      off.has(reserve) ? sum : sum + ((worth[index] ?? 0) * ltvOf(reserve, eMode)) / BPS,
    0,
  )
  const debts = random.sample(eMode === 0 ? ordinary : members, random.integer(1, 3))
  const share = random.chance(0.3) ? 0.97 + random.next() * 0.029 : 0.05 + random.next() * 0.92
  const borrowed = splitDollars(random, power * share, debts.length)
  const stable = debts.filter((reserve) => reserve.stableRate && random.chance(0.4))
  const amounts = new Map(
    debts.map((reserve, index) => [reserve, amountWorth(random, reserve, borrowed[index] ?? 0)]),
  )
  const bySymbol = (chosen: readonly ReserveSpec[]) =>
    Object.fromEntries(chosen.map((reserve) => [reserve.symbol, amounts.get(reserve) ?? 1n]))
  return {
    account,
    supplies: Object.fromEntries(
      collaterals.map((reserve, index) => [reserve.symbol, amountWorth(random, reserve, worth[index] ?? 0)]),
    ),
    borrows: bySymbol(debts.filter((reserve) => !stable.includes(reserve))),
    ...(stable.length > 0 ? { stableBorrows: bySymbol(stable) } : {}),
    ...(eMode === 0 ? {} : { eMode }),
    ...(off.size > 0 ? { collateralOff: [...off].map((reserve) => reserve.symbol) } : {}),
  }
}
