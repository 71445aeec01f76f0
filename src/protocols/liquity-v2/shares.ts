// Stakes, and shares of batches: how TroveManager of liquity/bold keeps what a trove has a part of.
import type { Address } from 'viem'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import type { TroveChange } from './accounting.ts'
import type { LatestBatch, ReadBranch } from './accrual.ts'
import { MAX_BATCH_SHARES_RATIO } from './constants.ts'
import type { Batch, Trove } from './state.ts'

/** A trove in the middle of a transaction, and its branch. */
export type TroveInBranch = { readonly branch: ReadBranch; readonly trove: Trove }

export const withBatch = (branch: ReadBranch, manager: Address, batch: Batch): ReadBranch => ({
  ...branch,
  batches: { ...branch.batches, [manager]: batch },
})

export const withTotalStakes = (branch: ReadBranch, totalStakes: bigint): ReadBranch => ({
  ...branch,
  redistribution: { ...branch.redistribution, totalStakes },
})

/** TroveManager._computeNewStake: collateral in the proportion of stakes to collateral after the last liquidation, cut. */
const stakeDown = ({ redistribution }: ReadBranch, coll: bigint): bigint => {
  const { totalStakesSnapshot, totalCollateralSnapshot } = redistribution
  if (totalCollateralSnapshot === 0n) return coll
  return mulDivDown(coll, totalStakesSnapshot, totalCollateralSnapshot)
}

/** TroveManager._updateStakeAndTotalStakes by the trove's collateral, and _updateTroveRewardSnapshots. */
export const restake = ({ branch, trove }: TroveInBranch): TroveInBranch => {
  const { totalStakes, L_coll, L_boldDebt } = branch.redistribution
  const stake = stakeDown(branch, trove.coll)
  return {
    branch: withTotalStakes(branch, checkedSub(totalStakes + stake, trove.stake)),
    trove: { ...trove, stake, snapshot: { coll: L_coll, boldDebt: L_boldDebt } },
  }
}

/** By how much two opposite changes move something: only one of both is left. */
const netOf = (increase: bigint, decrease: bigint) => ({
  up: increase > decrease ? increase - decrease : 0n,
  down: decrease > increase ? decrease - increase : 0n,
})

/** Shares and debt of a batch, and shares of a trove in it. */
type Sharing = Pick<Batch, 'debt' | 'totalDebtShares'> & Pick<Trove, 'batchDebtShares'>

/** Debt that joins is worth shares, cut; none joins a batch whose shares are worth too much. */
const withMoreDebt = (before: Sharing, debt: bigint, up: bigint, isRatioChecked: boolean): Sharing => {
  const { totalDebtShares, batchDebtShares } = before
  const isRatioHigh = totalDebtShares * MAX_BATCH_SHARES_RATIO < debt
  requireThat(debt === 0n || !isRatioHigh || !isRatioChecked, 'BatchSharesRatioTooHigh')
  const delta = debt === 0n ? up : mulDivDown(totalDebtShares, up, debt)
  return {
    debt: debt + up,
    totalDebtShares: totalDebtShares + delta,
    batchDebtShares: batchDebtShares + delta,
  }
}

/** Debt that leaves takes shares with it, cut; the last of a trove's debt takes all. */
const withLessDebt = (before: Sharing, debt: bigint, down: bigint, isAll: boolean): Sharing => {
  const { totalDebtShares, batchDebtShares } = before
  const delta = isAll ? batchDebtShares : mulDivDown(totalDebtShares, down, debt)
  return {
    debt: checkedSub(debt, down),
    totalDebtShares: checkedSub(totalDebtShares, delta),
    batchDebtShares: checkedSub(batchDebtShares, delta),
  }
}

/** TroveManager._updateBatchShares: the batch accrued to now, with the change of one of its troves, which will owe `troveDebt`. */
export const updateBatchShares = (
  { branch, trove }: TroveInBranch,
  manager: Address,
  batch: LatestBatch,
  change: TroveChange,
  troveDebt: bigint,
  now: number,
  isRatioChecked: boolean,
): TroveInBranch => {
  const added = change.debtIncrease + change.upfrontFee + change.appliedRedistBoldDebtGain
  const { up, down } = netOf(added, change.debtDecrease)
  const before: Sharing = { ...batch, batchDebtShares: trove.batchDebtShares }
  const { batchDebtShares, ...sharing } =
    up > 0n
      ? withMoreDebt(before, batch.entireDebt, up, isRatioChecked)
      : down > 0n
        ? withLessDebt(before, batch.entireDebt, down, troveDebt === 0n)
        : { ...before, debt: batch.entireDebt }
  const coll = checkedSub(
    batch.coll + change.collIncrease + change.appliedRedistCollGain,
    change.collDecrease,
  )
  const stored = branch.batches[manager] as Batch
  return {
    branch: withBatch(branch, manager, { ...stored, ...pickSharing(sharing), coll, lastDebtUpdateTime: now }),
    trove: { ...trove, batchDebtShares },
  }
}

const pickSharing = ({ debt, totalDebtShares }: Pick<Batch, 'debt' | 'totalDebtShares'>) => ({
  debt,
  totalDebtShares,
})

/** TroveManager._removeTroveSharesFromBatch: the batch accrued to now, without a trove of this debt and collateral, gains left out. */
export const leaveBatch = (
  branch: ReadBranch,
  manager: Address,
  batch: LatestBatch,
  trove: Trove,
  own: { readonly debt: bigint; readonly coll: bigint },
  now: number,
): ReadBranch =>
  withBatch(branch, manager, {
    ...(branch.batches[manager] as Batch),
    totalDebtShares: checkedSub(batch.totalDebtShares, trove.batchDebtShares),
    debt: checkedSub(batch.entireDebt, own.debt),
    coll: checkedSub(batch.coll, own.coll),
    lastDebtUpdateTime: now,
  })
