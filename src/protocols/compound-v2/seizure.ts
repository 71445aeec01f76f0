// How much collateral a repayment takes, and who gets it.
import type { CToken } from './account.ts'
import { exchangeRateDown } from './accrual.ts'
import { expDivDown, expMulDown, sub } from './exponential.ts'
import { rejectUnless } from './failing.ts'

/** Prices as the oracle answers them, the incentive a wad, the exchange rate that of the collateral's market. */
export type SeizePrices = {
  readonly incentive: bigint
  readonly priceBorrowed: bigint
  readonly priceCollateral: bigint
  readonly exchangeRate: bigint
}

/** cTokens per unit repaid, a wad: incentive · price of the debt over price · exchange rate of the collateral, cut three times. */
export const seizeRatioDown = (prices: SeizePrices): bigint => {
  const { incentive, priceBorrowed, priceCollateral, exchangeRate } = prices
  rejectUnless(priceBorrowed !== 0n && priceCollateral !== 0n, 'PRICE_ERROR')
  return expDivDown(expMulDown(incentive, priceBorrowed), expMulDown(priceCollateral, exchangeRate))
}

/** Comptroller.liquidateCalculateSeizeTokens: cToken units for a repayment in units of the debt. */
export const seizeTokensDown = (prices: SeizePrices, repay: bigint): bigint =>
  expMulDown(seizeRatioDown(prices), repay)

/** In cToken units, `protocolAmount` in units of the underlying. */
export type SeizeSplit = {
  readonly protocolTokens: bigint
  readonly protocolAmount: bigint
  readonly liquidatorTokens: bigint
}

/**
 * CToken.seizeInternal: the protocol's share is burned into reserves, the rest goes to the liquidator. `market` as this function
 * sees it: without the value that comes with the transaction.
 */
export const splitDown = (market: CToken, seizeTokens: bigint): SeizeSplit => {
  const protocolTokens = expMulDown(seizeTokens, market.protocolSeizeShare)
  return {
    protocolTokens,
    protocolAmount: expMulDown(exchangeRateDown(market), protocolTokens),
    liquidatorTokens: sub(seizeTokens, protocolTokens),
  }
}
