// What screening one leg of an account takes, wherever the comptroller's sums are of this family.
//
// Collateral: denom = (weight · exchange rate / W) · price / W is the contract's own integer, cut twice but the same for every
// account; denom · tokens / W is cut once more: off by at most one unit of the quote.
// Debt: balance = principal · index / own index, cut: off by one unit of the underlying; price · balance / W, cut: one of the quote
// besides. `amount` is principal · SCALE / own index, cut, which takes less than a 2^64th of a unit per whole index off.
//
// Reverts: tokens and principals stay below 2^112, own indices are at least W. A token stays below 2^140 in underlying, in value
// and weighed, so that a product with tokens stays below 2^252. With an index below 2^80 and a price below 2^120 a balance stays
// below 2^133, and price · balance below 2^253.
import type { Address } from 'viem'
import type { PriceKey } from '../../model/price.ts'
import { WAD } from '../../units/brands.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { type Account, type CToken, tokensToDenomDown } from './account.ts'
import { accrue, exchangeRateDown } from './accrual.ts'

const AMOUNT_LIMIT = 2n ** 112n
const TOKEN_LIMIT = 2n ** 140n
const INDEX_LIMIT = 2n ** 80n
const PRICE_LIMIT = 2n ** 120n

const SCALE = 2n ** 64n * WAD

/** What a factor is of: one cToken as collateral or one unit of a debt, in one market. */
export type Side = 'collateral' | 'debt'

/**
 * An account's entered markets as terms: tokens in every one, so that it depends on each as the comptroller's loop does, and debts
 * where there are any. Exact where nothing is entered, or where an amount is beyond all measure.
 */
export const enteredRow = (
  { entered, legs }: Account,
  nameOf: (side: Side, cToken: Address) => string,
): ScreenRow | 'always-exact' => {
  const collateral: ScreenTerm[] = []
  const debt: ScreenTerm[] = []
  for (const address of entered) {
    const { tokens = 0n, borrow } = legs[address] ?? {}
    if (tokens >= AMOUNT_LIMIT) return 'always-exact'
    collateral.push({ factor: nameOf('collateral', address), amount: tokens })
    if (!borrow || borrow.principal === 0n) continue
    const { principal, interestIndex } = borrow
    if (principal >= AMOUNT_LIMIT || interestIndex < WAD) return 'always-exact'
    debt.push({ factor: nameOf('debt', address), amount: (principal * SCALE) / interestIndex })
  }
  return collateral.length === 0 ? 'always-exact' : { collateral, debt }
}

/** A market as it stands and as it is once accrued; undefined where it does not accrue. */
export const bothStates = <T extends CToken>(cToken: T, slot: bigint): readonly [T, T] | undefined => {
  const accrued = unlessRefused(() => accrue(cToken, slot))
  return 'kind' in accrued ? undefined : [cToken, accrued]
}

/** What one token counts for, by the contract's own integers. */
const denomOf = (exchangeRate: bigint, weight: bigint, price: bigint): bigint =>
  tokensToDenomDown({ tokens: 0n, borrowBalance: 0n, exchangeRate, price, debtPrice: price, weight })

/** One token as collateral of this weight (a wad), after accrual; undefined where a sum before or after it might overflow. */
export const collateralFactorOf = (
  [stored, accrued]: readonly [CToken, CToken],
  weight: bigint,
  price: bigint,
  priceKey: PriceKey,
): ScreenFactor | undefined => {
  const measured = unlessRefused(() => {
    const exchangeRates = [exchangeRateDown(stored), exchangeRateDown(accrued)]
    const whole = exchangeRates.map((exchangeRate) => denomOf(exchangeRate, WAD, price))
    const weighed = exchangeRates.map((exchangeRate) => denomOf(exchangeRate, weight, price))
    return { denom: weighed[1] ?? 0n, all: [...exchangeRates, ...whole, ...weighed] }
  })
  if ('kind' in measured || measured.all.some((one) => one >= TOKEN_LIMIT)) return undefined
  const { denom } = measured
  return screenFactor({
    numerator: denom,
    denominator: WAD,
    slack: denom === 0n ? 0 : 1,
    priceKey: denom === 0n ? null : priceKey,
  })
}

/** One unit of a debt's amount in a row, after accrual. */
export const debtFactorOf = (
  [, accrued]: readonly [CToken, CToken],
  price: bigint,
  priceKey: PriceKey,
): ScreenFactor | undefined => {
  const { borrowIndex } = accrued.totals
  if (borrowIndex >= INDEX_LIMIT || price >= PRICE_LIMIT) return undefined
  return screenFactor({
    numerator: borrowIndex * price,
    denominator: SCALE * WAD,
    slack: Number(price) / Number(WAD) + 1,
    priceKey,
  })
}
