// How a liquidated trove is split: TroveManager._getOffsetAndRedistributionVals of liquity/bold.
import { WAD } from '../../units/brands.ts'
import { mulDivDown } from '../../units/mul-div.ts'
import { COLL_GAS_COMPENSATION_CAP, COLL_GAS_COMPENSATION_DIVISOR } from './constants.ts'
import { min } from './math.ts'
import type { Parameters } from './state.ts'

/** What becomes of a trove's debt and collateral; the six add up to both. */
export type Split = {
  readonly debtToOffset: bigint
  readonly collToSendToSP: bigint
  readonly collGasCompensation: bigint
  readonly debtToRedistribute: bigint
  readonly collToRedistribute: bigint
  readonly collSurplus: bigint
}

/** _getCollPenaltyAndSurplus: debt and penalty in collateral at `price`, cut, as far as there is any; the rest is surplus. */
const seizeDown = (coll: bigint, debt: bigint, penalty: bigint, price: bigint) => {
  const seized = min(coll, mulDivDown(debt, WAD + penalty, price))
  return { seized, surplus: coll - seized }
}

/**
 * The Stability Pool takes as much debt as it may, with the collateral in proportion; the rest goes to all other troves,
 * and what the pool's part left over counts for it too.
 */
export const splitDown = (
  { liquidationPenaltySP, liquidationPenaltyRedistribution }: Parameters,
  debt: bigint,
  coll: bigint,
  boldInSP: bigint,
  price: bigint,
): Split => {
  const debtToOffset = min(debt, boldInSP)
  const collSPPortion = debtToOffset === 0n ? 0n : mulDivDown(coll, debtToOffset, debt)
  const collGasCompensation = min(collSPPortion / COLL_GAS_COMPENSATION_DIVISOR, COLL_GAS_COMPENSATION_CAP)
  const offset =
    debtToOffset === 0n
      ? { seized: 0n, surplus: 0n }
      : seizeDown(collSPPortion - collGasCompensation, debtToOffset, liquidationPenaltySP, price)
  const debtToRedistribute = debt - debtToOffset
  const rest = coll - collSPPortion
  const redistributed =
    debtToRedistribute === 0n || rest === 0n
      ? { seized: 0n, surplus: offset.surplus }
      : seizeDown(rest + offset.surplus, debtToRedistribute, liquidationPenaltyRedistribution, price)
  return {
    debtToOffset,
    collToSendToSP: offset.seized,
    collGasCompensation,
    debtToRedistribute,
    collToRedistribute: redistributed.seized,
    collSurplus: redistributed.surplus,
  }
}
