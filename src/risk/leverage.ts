import { UINT256_MAX, WAD } from '../units/brands.ts'
import { mulDivDown } from '../units/mul-div.ts'

/** Exposure ÷ equity as a wad, cut: collateral ÷ (collateral − debt), both in one quote; 2^256 − 1 without equity. */
export const leverageOf = (collateralValue: bigint, debtValue: bigint): bigint =>
  debtValue >= collateralValue ? UINT256_MAX : mulDivDown(collateralValue, WAD, collateralValue - debtValue)
