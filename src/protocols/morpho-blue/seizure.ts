// How much debt pays for how much collateral, shared by liquidations and pre-liquidations.
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import type { Pool } from './accrual.ts'
import { mulDivUp, ORACLE_PRICE_SCALE, toAssetsDown, toSharesUp, wDivDown, wDivUp, wMulDown } from './math.ts'

const INCENTIVE_FACTOR_MAX = (115n * WAD) / 100n
const LIQUIDATION_CURSOR = (3n * WAD) / 10n

/** What a liquidation function takes: one of the two, the other zero. */
export type SeizureInput = { readonly seizedAssets: bigint; readonly repaidShares: bigint }

/** At which price (scale 1e36) and with which incentive (wad) collateral changes hands. */
export type Exchange = { readonly price: bigint; readonly incentiveFactor: bigint }

/** Morpho.liquidate: min(1.15, 1 / (1 − 0.3 · (1 − lltv))), cut; a wad. */
export const incentiveFactorDown = (lltv: bigint): bigint => {
  const factor = wDivDown(WAD, WAD - wMulDown(LIQUIDATION_CURSOR, WAD - lltv))
  return factor < INCENTIVE_FACTOR_MAX ? factor : INCENTIVE_FACTOR_MAX
}

/** Both sides of a seizure: shares are rounded up from what is seized, what is seized is cut from shares. */
export const seizureOf = (
  { market }: Pool,
  { price, incentiveFactor }: Exchange,
  { seizedAssets, repaidShares }: SeizureInput,
): SeizureInput => {
  const { totalBorrowAssets, totalBorrowShares } = market.reading.totals
  if (seizedAssets > 0n) {
    const repaid = wDivUp(mulDivUp(seizedAssets, price, ORACLE_PRICE_SCALE), incentiveFactor)
    return { seizedAssets, repaidShares: toSharesUp(repaid, totalBorrowAssets, totalBorrowShares) }
  }
  const paid = wMulDown(toAssetsDown(repaidShares, totalBorrowAssets, totalBorrowShares), incentiveFactor)
  return { seizedAssets: mulDivDown(paid, ORACLE_PRICE_SCALE, price), repaidShares }
}

/**
 * The input that takes most: all of `sharesMax` where the collateral suffices, else as much collateral as these shares pay
 * for. At a price of 0 that is all of it, for nothing.
 */
export const largestInput = (pool: Pool, exchange: Exchange, sharesMax: bigint): SeizureInput => {
  const { collateral } = pool.position
  if (exchange.price === 0n) return { seizedAssets: collateral, repaidShares: 0n }
  const whole: SeizureInput = { seizedAssets: 0n, repaidShares: sharesMax }
  if (seizureOf(pool, exchange, whole).seizedAssets <= collateral) return whole
  const isPaidFor = (seizedAssets: bigint): boolean =>
    seizureOf(pool, exchange, { seizedAssets, repaidShares: 0n }).repaidShares <= sharesMax
  let [low, high] = [0n, collateral]
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (isPaidFor(middle)) low = middle
    else high = middle - 1n
  }
  return { seizedAssets: low, repaidShares: 0n }
}
