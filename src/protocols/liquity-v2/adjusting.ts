// What the owner does with a trove: BorrowerOperations._adjustTrove and closeTrove of liquity/bold, on the state.
import { WAD } from '../../units/brands.ts'
import { checkedSub } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import {
  accountForBatchChange,
  accountForChange,
  afterFetch,
  applyGains,
  moveColl,
  NO_CHANGE,
  type TroveChange,
  withPools,
} from './accounting.ts'
import {
  branchColl,
  branchDebt,
  type LatestBatch,
  type LatestTrove,
  latestBatch,
  latestTrove,
  pendingAggInterestUp,
  type ReadBranch,
  totalRatioDown,
} from './accrual.ts'
import { MIN_DEBT, UPFRONT_INTEREST_PERIOD } from './constants.ts'
import { closeTrove } from './liquidating.ts'
import { checkedMul, collateralRatioDown, interestDown } from './math.ts'
import { leaveBatch, restake, type TroveInBranch, updateBatchShares } from './shares.ts'
import type { Trove, TroveId } from './state.ts'

/** What is to change: collateral and BOLD, each one way. */
export type Adjustment = Pick<TroveChange, 'collIncrease' | 'collDecrease' | 'debtIncrease' | 'debtDecrease'>

/** BorrowerOperations._getNewTCRFromTroveChange, a wad, cut. */
const newTotalRatioDown = (branch: ReadBranch, change: TroveChange, price: bigint, now: number): bigint =>
  collateralRatioDown(
    checkedSub(branchColl(branch) + change.collIncrease, change.collDecrease),
    checkedSub(branchDebt(branch, now) + change.debtIncrease + change.upfrontFee, change.debtDecrease),
    price,
  )

/** ActivePool.getNewApproxAvgInterestRateFromTroveChange, a wad, cut; of a branch that is open. */
const newAverageRateDown = (branch: ReadBranch, change: TroveChange, now: number): bigint => {
  const { aggRecordedDebt, aggWeightedDebtSum } = branch.pools.activePool
  const added = change.appliedRedistBoldDebtGain + change.debtIncrease + change.batchAccruedManagementFee
  const debt = checkedSub(aggRecordedDebt + pendingAggInterestUp(branch, now) + added, change.debtDecrease)
  const weighted = checkedSub(
    aggWeightedDebtSum + change.newWeightedRecordedDebt,
    change.oldWeightedRecordedDebt,
  )
  return debt === 0n ? 0n : weighted / debt
}

/** The change in full: with what the trove gained, and weighted debt for a trove that will owe `debt`. */
const weighedChange = (
  change: TroveChange,
  latest: LatestTrove,
  batch: LatestBatch | undefined,
  debt: bigint,
): TroveChange => {
  const applied = {
    ...change,
    appliedRedistBoldDebtGain: latest.redistBoldDebtGain,
    appliedRedistCollGain: latest.redistCollGain,
  }
  if (!batch)
    return {
      ...applied,
      oldWeightedRecordedDebt: latest.weightedRecordedDebt,
      newWeightedRecordedDebt: checkedMul(debt, latest.annualInterestRate),
    }
  const added = latest.redistBoldDebtGain + change.debtIncrease + change.upfrontFee
  const batchDebt = checkedSub(batch.entireDebt + added, change.debtDecrease)
  return {
    ...applied,
    batchAccruedManagementFee: batch.accruedManagementFee,
    oldWeightedRecordedDebt: batch.weightedRecordedDebt,
    newWeightedRecordedDebt: checkedMul(batchDebt, batch.annualInterestRate),
    oldWeightedRecordedBatchManagementFee: batch.weightedRecordedBatchManagementFee,
    newWeightedRecordedBatchManagementFee: checkedMul(batchDebt, batch.annualManagementFee),
  }
}

/** Borrowing costs a week of the branch's average rate at once, cut. */
const withUpfrontFee = (
  branch: ReadBranch,
  change: TroveChange,
  latest: LatestTrove,
  batch: LatestBatch | undefined,
  debt: bigint,
  now: number,
): { readonly change: TroveChange; readonly debt: bigint } => {
  if (change.debtIncrease === 0n) return { change, debt }
  const rate = newAverageRateDown(branch, change, now)
  const upfrontFee = interestDown(checkedMul(change.debtIncrease, rate), UPFRONT_INTEREST_PERIOD)
  const charged = debt + upfrontFee
  return { change: weighedChange({ ...change, upfrontFee }, latest, batch, charged), debt: charged }
}

/** BorrowerOperations._requireValidAdjustmentInCurrentMode. */
const requireValid = (
  branch: ReadBranch,
  change: TroveChange,
  ratio: bigint,
  isInBatch: boolean,
  price: bigint,
  now: number,
): void => {
  const { MCR, BCR, CCR } = branch.setup.parameters
  if (isInBatch) requireThat(ratio >= MCR + BCR, 'ICRBelowMCRPlusBCR')
  else requireThat(ratio >= MCR, 'ICRBelowMCR')
  const total = newTotalRatioDown(branch, change, price, now)
  const isCritical = totalRatioDown(branch, price, now) < CCR
  requireThat(total >= CCR || (isCritical && change.debtIncrease === 0n), 'TCRBelowCCR')
  const isRepaidEnough = checkedMul(change.debtDecrease, WAD) >= checkedMul(change.collDecrease, price)
  requireThat(!isCritical || isRepaidEnough, 'RepaymentNotMatchingCollWithdrawal')
}

/** What is asked for, a repayment cut to what leaves the least debt that is allowed. */
const cutRepayment = (asked: Adjustment, { entireDebt }: LatestTrove): TroveChange => {
  const debtDecreaseMax = entireDebt > MIN_DEBT ? entireDebt - MIN_DEBT : 0n
  const debtDecrease = asked.debtDecrease > debtDecreaseMax ? debtDecreaseMax : asked.debtDecrease
  const { collIncrease, collDecrease, debtIncrease } = asked
  requireThat(collIncrease + collDecrease + debtIncrease + debtDecrease > 0n, 'ZeroAdjustment')
  return { ...NO_CHANGE, ...asked, debtDecrease }
}

/** TroveManager.onAdjustTrove and onAdjustTroveInsideBatch, the pools with them. */
const applyAdjustment = (
  { branch, trove }: TroveInBranch,
  change: TroveChange,
  batch: LatestBatch | undefined,
  next: { readonly debt: bigint; readonly coll: bigint },
  now: number,
): TroveInBranch => {
  const { batchManager } = trove
  const { debt, coll } = next
  const staked = restake({ branch, trove: { ...trove, coll } })
  const changed =
    batch && batchManager
      ? updateBatchShares(staked, batchManager, batch, change, debt, now, true)
      : { ...staked, trove: { ...staked.trove, debt, lastDebtUpdateTime: now } }
  const applied = applyGains(changed.branch, change.appliedRedistBoldDebtGain, change.appliedRedistCollGain)
  const accounted = batch
    ? accountForBatchChange(applied, change, now)
    : accountForChange(applied, change, now)
  const moved = moveColl(accounted, change.collIncrease - change.collDecrease)
  return { branch: moved, trove: changed.trove }
}

const batchOf = (branch: ReadBranch, { batchManager }: Trove, now: number): LatestBatch | undefined =>
  batchManager ? latestBatch(branch, batchManager, now) : undefined

/**
 * BorrowerOperations._adjustTrove, with any upfront fee accepted: adjustTrove for a trove that is active, adjustZombieTrove
 * for one that is not, which makes it active again.
 */
export const adjustTrove = (
  { branch, trove }: TroveInBranch,
  id: TroveId,
  asked: Adjustment,
  price: bigint,
  now: number,
): TroveInBranch => {
  requireThat(branch.pools.shutdownTime === 0, 'IsShutDown')
  requireThat(!branch.isFeedDown, 'NewOracleFailureDetected')
  const latest = latestTrove(branch, trove, now)
  const cut = cutRepayment(asked, latest)
  requireThat(cut.collDecrease <= latest.entireColl, 'CollWithdrawalTooHigh')
  const coll = latest.entireColl + cut.collIncrease - cut.collDecrease
  const unchargedDebt = latest.entireDebt + cut.debtIncrease - cut.debtDecrease
  const batch = batchOf(branch, trove, now)
  const weighed = weighedChange(cut, latest, batch, unchargedDebt)
  const { change, debt } = withUpfrontFee(branch, weighed, latest, batch, unchargedDebt, now)
  requireThat(debt >= MIN_DEBT, 'DebtBelowMin')
  const ratio = collateralRatioDown(coll, debt, price)
  requireValid(branch, change, ratio, batch !== undefined, price, now)
  const adjusted = applyAdjustment({ branch, trove }, change, batch, { debt, coll }, now)
  if (trove.status === 'active') return adjusted
  const { lastZombieTroveId } = adjusted.branch.pools
  return {
    branch: withPools(adjusted.branch, {
      lastZombieTroveId: lastZombieTroveId === id ? null : lastZombieTroveId,
    }),
    trove: { ...adjusted.trove, status: 'active' },
  }
}

/** BorrowerOperations.closeTrove: everything is repaid, and all collateral goes back to the owner. */
export const repayAll = (
  { branch: stored, trove }: TroveInBranch,
  id: TroveId,
  price: bigint,
  now: number,
): ReadBranch => {
  const latest = latestTrove(stored, trove, now)
  const { entireDebt, entireColl, redistBoldDebtGain, redistCollGain } = latest
  const batch = batchOf(stored, trove, now)
  const change: TroveChange = {
    ...NO_CHANGE,
    ...weighedChange({ ...NO_CHANGE, debtDecrease: entireDebt }, latest, batch, 0n),
    collDecrease: entireColl,
  }
  const branch = afterFetch(stored, now)
  const total = newTotalRatioDown(branch, change, price, now)
  if (branch.pools.shutdownTime === 0) requireThat(total >= branch.setup.parameters.CCR, 'TCRBelowCCR')
  const closed = closeTrove(branch, id, trove, false)
  const own = { debt: entireDebt - redistBoldDebtGain, coll: entireColl - redistCollGain }
  const left =
    batch && trove.batchManager ? leaveBatch(closed, trove.batchManager, batch, trove, own, now) : closed
  const applied = applyGains(left, redistBoldDebtGain, redistCollGain)
  const accounted = batch
    ? accountForBatchChange(applied, change, now)
    : accountForChange(applied, change, now)
  return moveColl(accounted, -entireColl)
}
