// Interest rate models: a rate per slot (block or second, whatever the market accrues by), a wad.
import { WAD } from '../../units/brands.ts'
import { checkedSub, checkedUint256, mulDivDown } from '../../units/mul-div.ts'
import { RefusedError } from '../refusing.ts'

/**
 * `jump`: JumpRateModel, JumpRateModelV2, and WhitePaperInterestRateModel with a kink of 2^256 − 1. `two-kinks`:
 * TwoKinksInterestRateModel, whose parameters are signed. `given`: what a model of another make answered at the block of
 * the reading; `failed`: the model reverts, and so does all that accrues.
 */
export type RateModel =
  | {
      readonly kind: 'jump'
      readonly baseRate: bigint
      readonly multiplier: bigint
      readonly jumpMultiplier: bigint
      readonly kink: bigint
    }
  | {
      readonly kind: 'two-kinks'
      readonly baseRate: bigint
      readonly multiplier: bigint
      readonly kink1: bigint
      readonly baseRate2: bigint
      readonly multiplier2: bigint
      readonly kink2: bigint
      readonly jumpMultiplier: bigint
    }
  | { readonly kind: 'given'; readonly borrowRate: bigint }
  | { readonly kind: 'failed'; readonly error: string }

type Of<Kind extends RateModel['kind']> = Extract<RateModel, { readonly kind: Kind }>

/** In units of the underlying. */
export type Utilized = {
  readonly cash: bigint
  readonly totalBorrows: bigint
  readonly totalReserves: bigint
}

/** utilizationRate: borrows / (cash + borrows − reserves), a wad that may exceed 1; 0 without borrows. */
export const utilizationDown = ({ cash, totalBorrows, totalReserves }: Utilized): bigint => {
  if (totalBorrows === 0n) return 0n
  return mulDivDown(totalBorrows, WAD, checkedSub(checkedUint256(cash + totalBorrows), totalReserves))
}

const jumpRateDown = (model: Of<'jump'>, utilization: bigint): bigint => {
  const { baseRate, multiplier, jumpMultiplier, kink } = model
  if (utilization <= kink) return mulDivDown(utilization, multiplier, WAD) + baseRate
  const normalRate = mulDivDown(kink, multiplier, WAD) + baseRate
  return mulDivDown(utilization - kink, jumpMultiplier, WAD) + normalRate
}

/** Solidity's signed a · b / 1e18 is cut towards zero, as a bigint's division is. */
const mulTowardsZero = (a: bigint, b: bigint): bigint => (a * b) / WAD

/** TwoKinksInterestRateModel: utilization is capped at 1, a negative rate is 0. */
const twoKinksRate = (model: Of<'two-kinks'>, uncapped: bigint): bigint => {
  const { baseRate, multiplier, kink1, baseRate2, multiplier2, kink2, jumpMultiplier } = model
  const utilization = uncapped < WAD ? uncapped : WAD
  const positive = (rate: bigint): bigint => (rate > 0n ? rate : 0n)
  if (utilization < kink1) return positive(mulTowardsZero(utilization, multiplier) + baseRate)
  const rate1 = mulTowardsZero(kink1, multiplier) + baseRate
  if (utilization < kink2)
    return positive(rate1 + mulTowardsZero(utilization - kink1, multiplier2) + baseRate2)
  const rate2 = mulTowardsZero(kink2 - kink1, multiplier2) + baseRate2
  return positive(rate1 + rate2 + mulTowardsZero(utilization - kink2, jumpMultiplier))
}

/** InterestRateModel.getBorrowRate: a wad per slot. */
export const borrowRateDown = (model: RateModel, totals: Utilized): bigint => {
  switch (model.kind) {
    case 'jump':
      return jumpRateDown(model, utilizationDown(totals))
    case 'two-kinks':
      return twoKinksRate(model, utilizationDown(totals))
    case 'given':
      return model.borrowRate
    case 'failed':
      throw new RefusedError(model.error)
  }
}
