// What closing one trove takes from whom, before anything moves.
import { min, mulDivDown, sub } from './math.ts'
import type { Totals } from './settlement.ts'
import type { Amounts, Parameters } from './state.ts'

export const NOTHING: Totals = {
  ...{ debt: 0n, coll: 0n, debtGasCompensation: 0n, collGasCompensation: 0n, debtToOffset: 0n },
  ...{ collToPool: 0n, debtToRedistribute: 0n, collToRedistribute: 0n, surplus: 0n },
}

/** TroveManager._addLiquidationValuesToTotals. */
export const addTotals = (a: Totals, b: Totals): Totals => ({
  debt: a.debt + b.debt,
  coll: a.coll + b.coll,
  debtGasCompensation: a.debtGasCompensation + b.debtGasCompensation,
  collGasCompensation: a.collGasCompensation + b.collGasCompensation,
  debtToOffset: a.debtToOffset + b.debtToOffset,
  collToPool: a.collToPool + b.collToPool,
  debtToRedistribute: a.debtToRedistribute + b.debtToRedistribute,
  collToRedistribute: a.collToRedistribute + b.collToRedistribute,
  surplus: a.surplus + b.surplus,
})

/** LiquityBase._getCollGasCompensation, cut. */
const collGasCompensationDown = (coll: bigint, { percentDivisor }: Parameters): bigint =>
  mulDivDown(coll, 1n, percentDivisor)

/**
 * TroveManager._getOffsetAndRedistributionVals: everything that the trove has goes. The pool takes as much debt as `poolLeft`
 * allows, with the same part of the collateral, cut; other troves get the rest.
 */
export const wholeTakings = ({ coll, debt }: Amounts, poolLeft: bigint, parameters: Parameters): Totals => {
  const collGasCompensation = collGasCompensationDown(coll, parameters)
  const toOthers = coll - collGasCompensation
  const debtToOffset = min(debt, poolLeft)
  const collToPool = poolLeft > 0n ? mulDivDown(toOthers, debtToOffset, debt) : 0n
  return {
    ...{ debt, coll, debtGasCompensation: parameters.gasCompensation, collGasCompensation },
    ...{ debtToOffset, collToPool, surplus: 0n },
    debtToRedistribute: debt - debtToOffset,
    collToRedistribute: toOthers - collToPool,
  }
}

/** TroveManager._getCappedOffsetVals: the pool pays all debt, and gets no more than the minimum ratio; the borrower may claim the rest. */
export const cappedTakings = ({ coll, debt }: Amounts, price: bigint, parameters: Parameters): Totals => {
  const capped = mulDivDown(debt, parameters.mcr, price)
  const collGasCompensation = collGasCompensationDown(capped, parameters)
  return {
    ...{ debt, coll, debtGasCompensation: parameters.gasCompensation, collGasCompensation },
    debtToOffset: debt,
    collToPool: capped - collGasCompensation,
    ...{ debtToRedistribute: 0n, collToRedistribute: 0n },
    surplus: sub(coll, capped),
  }
}
