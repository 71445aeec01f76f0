// How the branch's totals follow what is done to a trove: ActivePool and DefaultPool of liquity/bold.
import { checkedSub } from '../../units/mul-div.ts'
import { pendingAggInterestUp, pendingBatchManagementFeeUp, type ReadBranch } from './accrual.ts'
import type { ActivePool, Pools } from './state.ts'

/** TroveChange: BOLD, collateral, and BOLD × rate. */
export type TroveChange = {
  readonly appliedRedistBoldDebtGain: bigint
  readonly appliedRedistCollGain: bigint
  readonly collIncrease: bigint
  readonly collDecrease: bigint
  readonly debtIncrease: bigint
  readonly debtDecrease: bigint
  readonly newWeightedRecordedDebt: bigint
  readonly oldWeightedRecordedDebt: bigint
  readonly upfrontFee: bigint
  readonly batchAccruedManagementFee: bigint
  readonly newWeightedRecordedBatchManagementFee: bigint
  readonly oldWeightedRecordedBatchManagementFee: bigint
}

export const NO_CHANGE: TroveChange = {
  appliedRedistBoldDebtGain: 0n,
  appliedRedistCollGain: 0n,
  collIncrease: 0n,
  collDecrease: 0n,
  debtIncrease: 0n,
  debtDecrease: 0n,
  newWeightedRecordedDebt: 0n,
  oldWeightedRecordedDebt: 0n,
  upfrontFee: 0n,
  batchAccruedManagementFee: 0n,
  newWeightedRecordedBatchManagementFee: 0n,
  oldWeightedRecordedBatchManagementFee: 0n,
}

export const withPools = (branch: ReadBranch, pools: Partial<Pools>): ReadBranch => ({
  ...branch,
  pools: { ...branch.pools, ...pools },
})

const withActivePool = (branch: ReadBranch, activePool: Partial<ActivePool>): ReadBranch =>
  withPools(branch, { activePool: { ...branch.pools.activePool, ...activePool } })

/** ActivePool._mintAggInterest: interest that is due, and an upfront fee, become recorded debt. */
export const mintAggInterest = (branch: ReadBranch, now: number, upfrontFee = 0n): ReadBranch => {
  const { aggRecordedDebt } = branch.pools.activePool
  const minted = pendingAggInterestUp(branch, now) + upfrontFee
  return withActivePool(branch, { aggRecordedDebt: aggRecordedDebt + minted, lastAggUpdateTime: now })
}

/** ActivePool.mintBatchManagementFeeAndAccountForChange: what a batch's fee has come to is recorded. */
export const mintBatchManagementFee = (branch: ReadBranch, change: TroveChange, now: number): ReadBranch => {
  const { aggRecordedDebt, aggBatchManagementFees, aggWeightedBatchManagementFeeSum } =
    branch.pools.activePool
  const { batchAccruedManagementFee } = change
  return withActivePool(branch, {
    aggRecordedDebt: aggRecordedDebt + batchAccruedManagementFee,
    aggBatchManagementFees: checkedSub(
      aggBatchManagementFees + pendingBatchManagementFeeUp(branch, now),
      batchAccruedManagementFee,
    ),
    aggWeightedBatchManagementFeeSum: checkedSub(
      aggWeightedBatchManagementFeeSum + change.newWeightedRecordedBatchManagementFee,
      change.oldWeightedRecordedBatchManagementFee,
    ),
    lastAggBatchManagementFeesUpdateTime: now,
  })
}

/** ActivePool.mintAggInterestAndAccountForTroveChange without a batch. */
export const accountForChange = (branch: ReadBranch, change: TroveChange, now: number): ReadBranch => {
  const minted = mintAggInterest(branch, now, change.upfrontFee)
  const { aggRecordedDebt, aggWeightedDebtSum } = minted.pools.activePool
  return withActivePool(minted, {
    aggRecordedDebt: checkedSub(
      aggRecordedDebt + change.appliedRedistBoldDebtGain + change.debtIncrease,
      change.debtDecrease,
    ),
    aggWeightedDebtSum: checkedSub(
      aggWeightedDebtSum + change.newWeightedRecordedDebt,
      change.oldWeightedRecordedDebt,
    ),
  })
}

/** ActivePool.mintAggInterestAndAccountForTroveChange with a batch, whose fee comes first. */
export const accountForBatchChange = (branch: ReadBranch, change: TroveChange, now: number): ReadBranch =>
  accountForChange(mintBatchManagementFee(branch, change, now), change, now)

/** ActivePool.accountForReceivedColl and sendColl. */
export const moveColl = (branch: ReadBranch, amount: bigint): ReadBranch =>
  withActivePool(branch, { coll: checkedSub(branch.pools.activePool.coll + amount, 0n) })

/** TroveManager._movePendingTroveRewardsToActivePool: what a trove gained is no longer pending. Debt is added to the ActivePool apart. */
export const applyGains = (branch: ReadBranch, debt: bigint, coll: bigint): ReadBranch => {
  const { defaultPool } = branch.pools
  const applied = withPools(branch, {
    defaultPool: { coll: checkedSub(defaultPool.coll, coll), debt: checkedSub(defaultPool.debt, debt) },
  })
  return moveColl(applied, coll)
}

/** BorrowerOperations._applyShutdown: interest up to now is recorded, and stops. */
export const shutDown = (branch: ReadBranch, now: number): ReadBranch =>
  withPools(mintAggInterest(branch, now), { shutdownTime: now })

/** What fetching the price does to the branch: with a feed that is down, the branch shuts down. */
export const afterFetch = (branch: ReadBranch, now: number): ReadBranch =>
  branch.isFeedDown && branch.pools.shutdownTime === 0 ? shutDown(branch, now) : branch
