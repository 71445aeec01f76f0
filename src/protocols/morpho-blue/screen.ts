// How loans are screened: collateral times price and LLTV against shares times what one of them owes, in units of the loan token.
//
//   maxBorrow = (collateral · price / 1e36) · lltv / 1e18, cut twice: up to lltv / 1e18 of a unit and one unit less;
//   borrowed  = shares · (assets + 1) / (all shares + 1e6), up: up to one unit more.
// That health is cut to a wad is below the error of a float64.
//
// Reverts: collateral · price has to stay below 2^256. Prices have 36 decimals, those of the loan token more and those of the
// collateral less, so that they are high where amounts are low: 2^170 for WBTC in DAI. Hence two factors, one for collateral
// below 2^80 and prices below 2^176, one for collateral below 2^112 and prices below 2^144. Shares are a uint128: times fewer than
// 2^120 assets they fit.
import { WAD } from '../../units/brands.ts'
import type { Env } from '../adapter.ts'
import { unlessRefused } from '../refusing.ts'
import { type ScreenFactor, type ScreenRow, screenFactor } from '../screening.ts'
import { accrue, readMarket } from './accrual.ts'
import { ORACLE_PRICE_SCALE, VIRTUAL_ASSETS, VIRTUAL_SHARES } from './math.ts'
import { faultOf, type MorphoMarket, type MorphoPosition, priceKeyOf } from './state.ts'

const SMALL = { factor: 'collateral:small', amountLimit: 2n ** 80n, priceLimit: 2n ** 176n }
const LARGE = { factor: 'collateral:large', amountLimit: 2n ** 112n, priceLimit: 2n ** 144n }
const ASSETS_LIMIT = 2n ** 120n

const DEBT = 'debt'

/** A loan as its collateral and its shares of the market's debt. */
export const row = (_market: MorphoMarket, position: MorphoPosition): ScreenRow | 'always-exact' => {
  const { borrowShares, collateral, fault } = position
  if (fault || collateral >= LARGE.amountLimit || (borrowShares === 0n && collateral === 0n))
    return 'always-exact'
  const size = collateral < SMALL.amountLimit ? SMALL : LARGE
  return {
    collateral: collateral === 0n ? [] : [{ factor: size.factor, amount: collateral }],
    debt: borrowShares === 0n ? [] : [{ factor: DEBT, amount: borrowShares }],
  }
}

/** One unit of a small or of a large collateral, or one share of the debt, the market accrued to `env.timestamp`; none without a price. */
export const factor = (market: MorphoMarket, name: string, env: Env): ScreenFactor | undefined => {
  if (faultOf(market)) return undefined
  const { oracle, lltv } = market.params
  const priceKey = priceKeyOf(oracle)
  const reading = env.prices(priceKey)
  const accrued = unlessRefused(() => accrue(readMarket(market), env.timestamp))
  if (reading?.kind !== 'price' || 'kind' in accrued) return undefined
  const { totalBorrowAssets, totalBorrowShares } = accrued.market.reading.totals
  const { priceLimit } = name === LARGE.factor ? LARGE : SMALL
  if (reading.price >= priceLimit || totalBorrowAssets >= ASSETS_LIMIT) return undefined
  if (name === DEBT)
    return screenFactor({
      numerator: totalBorrowAssets + VIRTUAL_ASSETS,
      denominator: totalBorrowShares + VIRTUAL_SHARES,
      slack: 1,
      priceKey: null,
    })
  return screenFactor({
    numerator: reading.price * lltv,
    denominator: ORACLE_PRICE_SCALE * WAD,
    slack: Number(lltv) / Number(WAD) + 1,
    priceKey,
  })
}
