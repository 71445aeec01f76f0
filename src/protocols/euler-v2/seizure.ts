// How much of a collateral goes for how much debt: calculateMaxLiquidation in modules/Liquidation.sol.
import { BPS, WAD } from '../../units/brands.ts'
import { checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import { checkedAmount } from './math.ts'

/** What a seizure goes by: values in the unit of account, the discount in basis points, amounts in units of asset and collateral. */
export type SeizureInput = {
  readonly collateralValue: bigint
  readonly liabilityValue: bigint
  readonly liability: bigint
  readonly balance: bigint
  /** The whole balance at the middle price, without LTV. */
  readonly quoted: bigint
  readonly maxLiquidationDiscount: bigint
}

/** Debt repaid, in units of the asset, and collateral seized for it, in shares. */
export type Seizure = { readonly repay: bigint; readonly yield: bigint }

/** 1 − discount as a wad: as far below 1 as the account is unhealthy, but no further than the vault allows. Cut. */
export const discountFactorDown = ({
  collateralValue,
  liabilityValue,
  maxLiquidationDiscount,
}: Pick<SeizureInput, 'collateralValue' | 'liabilityValue' | 'maxLiquidationDiscount'>): bigint => {
  const factor = mulDivDown(collateralValue, WAD, liabilityValue)
  const least = WAD - (WAD * maxLiquidationDiscount) / BPS
  return factor < least ? least : factor
}

/** The most that a violation allows to be seized of one collateral, cut. What is worth nothing goes for nothing. */
export const seizureMaxDown = (input: SeizureInput): Seizure => {
  const { liabilityValue, liability, balance, quoted } = input
  const factor = discountFactorDown(input)
  if (quoted === 0n) return { repay: 0n, yield: balance }
  const wanted = mulDivDown(liabilityValue, WAD, factor)
  const isShort = quoted < wanted
  const repayValue = isShort ? mulDivDown(quoted, factor, WAD) : liabilityValue
  const yieldValue = isShort ? quoted : wanted
  return {
    repay: checkedAmount(mulDivDown(repayValue, liability, liabilityValue)),
    yield: mulDivDown(yieldValue, balance, quoted),
  }
}

/** The seizure for a wanted repayment, cut; where nothing has to be repaid, all of it. Refuses more than the most. */
export const seizureFor = (most: Seizure, repay: bigint | undefined): Seizure => {
  if (repay === undefined) return most
  requireThat(repay <= most.repay, 'E_ExcessiveRepayAmount')
  if (most.repay === 0n) return most
  return { repay: checkedAmount(repay), yield: checkedUint256(repay * most.yield) / most.repay }
}
