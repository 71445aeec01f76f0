// How accounts are screened: collateral held times price and liquidation factor against the debt at its price.
//
//   weighed = (amount · price / scale) · factor / W, cut twice: up to factor / W of a unit of the quote and one unit less;
//   debt    = (principal · index / 1e15) · price / base scale, cut twice: up to one base unit's worth and one unit of the quote less.
// The contract stops adding once the debt is covered: nothing that follows could uncover it. That health is cut to a wad is below
// the error of a float64.
//
// Reverts: with amounts below 2^112 (principals are an int104, indices a uint64) and prices below 2^72 values stay below 2^190 in
// all, and times a factor or the base scale, at most W, below 2^250.
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, type ScreenTerm, screenFactor } from '../screening.ts'
import { accrue, readMarket } from './accrual.ts'
import { BASE_INDEX_SCALE } from './math.ts'
import { type CometMarket, type CometPosition, faultOf, isHeld, priceKeyOf } from './state.ts'

const AMOUNT_LIMIT = 2n ** 112n
const PRICE_LIMIT = 2n ** 72n

/** Bits of `assetsIn`, the contract's `_reserved` included. */
const OFFSETS_MAX = 24

const DEBT = 'debt'

/** What an account holds and its principal, if it owes. Exact where a held asset is not known. */
export const row = (
  { configuration }: CometMarket,
  { principal, assetsIn, collateral: amounts, fault }: CometPosition,
): ScreenRow | 'always-exact' => {
  if (fault || !configuration) return 'always-exact'
  const collateral: ScreenTerm[] = []
  for (let offset = 0; offset < OFFSETS_MAX; offset += 1) {
    if (!isHeld(assetsIn, offset)) continue
    const asset = configuration.assets[offset]?.asset
    const amount = (asset && amounts[asset]) ?? 0n
    if (!asset || amount >= AMOUNT_LIMIT) return 'always-exact'
    collateral.push({ factor: `${offset}:${asset}`, amount })
  }
  if (principal < 0n) return { collateral, debt: [{ factor: DEBT, amount: -principal }] }
  return collateral.length === 0 ? 'always-exact' : { collateral, debt: [] }
}

/** One unit of a collateral, `offset:asset`, or one of a negative principal, `debt`, at indices accrued to `env.timestamp`. */
export const factor = (market: CometMarket, name: string, env: Env): ScreenFactor | undefined => {
  if (faultOf(market)) return undefined
  const accrued = unlessRefused(() => accrue(readMarket(market), env.timestamp))
  if ('kind' in accrued) return undefined
  const { configuration, totals } = accrued
  const [offset, asset] = name.split(':')
  const info = name === DEBT ? undefined : configuration.assets[Number(offset)]
  if (name !== DEBT && info?.asset !== asset) return undefined
  const priceKey = priceKeyOf(info?.priceFeed ?? configuration.baseTokenPriceFeed)
  const reading = env.prices(priceKey)
  if (reading?.kind !== 'price' || reading.price <= 0n || reading.price >= PRICE_LIMIT) return undefined
  const { price } = reading
  if (!info)
    return screenFactor({
      numerator: totals.baseBorrowIndex * price,
      denominator: BASE_INDEX_SCALE * configuration.baseScale,
      slack: Number(price) / Number(configuration.baseScale) + 1,
      priceKey,
    })
  const weight = info.liquidateCollateralFactor
  return screenFactor({
    numerator: price * weight,
    denominator: info.scale * WAD,
    slack: Number(weight) / Number(WAD) + 1,
    priceKey: weight === 0n ? null : priceKey,
  })
}
