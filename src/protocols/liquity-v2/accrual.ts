// What troves, batches and the branch as a whole owe and hold at a time: TroveManager and ActivePool of liquity/bold.
import type { Address } from 'viem'
import type { Fault } from '../../model/market.ts'
import { WAD } from '../../units/brands.ts'
import { checkedSub, mulDivDown, mulDivUp } from '../../units/mul-div.ts'
import { RefusedError } from '../refusing.ts'
import { ONE_YEAR } from './constants.ts'
import { checkedMul, collateralRatioDown, interestDown } from './math.ts'
import type { Batch, BranchMarket, Trove } from './state.ts'

/** A branch that is read in full. */
export type ReadBranch = BranchMarket & Required<Pick<BranchMarket, 'setup' | 'pools' | 'redistribution'>>

/** Why nothing can be computed in this branch, whatever the trove. */
export const faultOf = (market: BranchMarket): Fault | undefined => {
  const { fault, setup, pools, redistribution } = market
  if (fault || (setup && pools && redistribution)) return fault
  return { reason: 'not-yet-read', detail: 'the branch is not read yet' }
}

/** A branch in which everything can be computed; refuses one that is not read yet. */
export const readBranch = (market: BranchMarket): ReadBranch => {
  const fault = faultOf(market)
  if (fault) throw new RefusedError(fault.detail)
  return market as ReadBranch
}

/** LatestBatchData: recorded is what is stored, `entire` with interest and fee; weighted is debt × rate. */
export type LatestBatch = Batch & {
  readonly accruedInterest: bigint
  readonly accruedManagementFee: bigint
  readonly weightedRecordedDebt: bigint
  readonly weightedRecordedBatchManagementFee: bigint
  readonly entireDebt: bigint
}

/** LatestTroveData: recorded is what is stored, `entire` with what redistributions, interest and fee added. */
export type LatestTrove = {
  readonly entireDebt: bigint
  readonly entireColl: bigint
  readonly redistBoldDebtGain: bigint
  readonly redistCollGain: bigint
  readonly accruedInterest: bigint
  readonly recordedDebt: bigint
  readonly annualInterestRate: bigint
  readonly weightedRecordedDebt: bigint
  readonly accruedBatchManagementFee: bigint
  readonly lastInterestRateAdjTime: number
}

const secondsFrom = (from: number, to: number): bigint => checkedSub(BigInt(to), BigInt(from))

/** TroveManager._getInterestPeriod, seconds: interest stops when the branch is shut down. */
const interestPeriod = ({ pools: { shutdownTime } }: ReadBranch, from: number, now: number): bigint => {
  if (shutdownTime === 0) return secondsFrom(from, now)
  return from < shutdownTime ? secondsFrom(from, shutdownTime) : 0n
}

const batchOf = ({ batches }: ReadBranch, manager: Address): Batch => {
  const batch = batches[manager]
  if (!batch) throw new RefusedError(`the batch of ${manager} is not read yet`)
  return batch
}

/** TroveManager._getLatestBatchData: interest and management fee accrue apart, each cut. */
export const latestBatch = (branch: ReadBranch, manager: Address, now: number): LatestBatch => {
  const batch = batchOf(branch, manager)
  const weightedRecordedDebt = checkedMul(batch.debt, batch.annualInterestRate)
  const weightedRecordedBatchManagementFee = checkedMul(batch.debt, batch.annualManagementFee)
  const period = interestPeriod(branch, batch.lastDebtUpdateTime, now)
  const accruedInterest = interestDown(weightedRecordedDebt, period)
  const accruedManagementFee = interestDown(weightedRecordedBatchManagementFee, period)
  return {
    ...batch,
    accruedInterest,
    accruedManagementFee,
    weightedRecordedDebt,
    weightedRecordedBatchManagementFee,
    entireDebt: batch.debt + accruedInterest + accruedManagementFee,
  }
}

/** What redistributions since the trove's snapshot added to it, cut. */
const redistributedDown = ({ redistribution }: ReadBranch, { stake, snapshot }: Trove) => ({
  redistBoldDebtGain: mulDivDown(stake, checkedSub(redistribution.L_boldDebt, snapshot.boldDebt), WAD),
  redistCollGain: mulDivDown(stake, checkedSub(redistribution.L_coll, snapshot.coll), WAD),
})

/** TroveManager._getLatestTroveDataFromBatch: recorded debt, interest and fee of the batch by shares, each cut. */
const latestInBatch = (
  branch: ReadBranch,
  trove: Trove,
  manager: Address,
  now: number,
): Omit<LatestTrove, 'entireDebt' | 'entireColl' | 'redistBoldDebtGain' | 'redistCollGain'> => {
  const batch = latestBatch(branch, manager, now)
  const { totalDebtShares, annualInterestRate, lastInterestRateAdjTime } = batch
  const partDown = (amount: bigint): bigint =>
    totalDebtShares === 0n ? 0n : mulDivDown(amount, trove.batchDebtShares, totalDebtShares)
  const recordedDebt = partDown(batch.debt)
  return {
    recordedDebt,
    weightedRecordedDebt: checkedMul(recordedDebt, annualInterestRate),
    accruedInterest: partDown(batch.accruedInterest),
    accruedBatchManagementFee: partDown(batch.accruedManagementFee),
    annualInterestRate,
    lastInterestRateAdjTime: Math.max(lastInterestRateAdjTime, trove.lastInterestRateAdjTime),
  }
}

/** TroveManager._getLatestTroveData. */
export const latestTrove = (branch: ReadBranch, trove: Trove, now: number): LatestTrove => {
  const { debt: recordedDebt, annualInterestRate, lastInterestRateAdjTime, batchManager } = trove
  const gains = redistributedDown(branch, trove)
  const entireColl = trove.coll + gains.redistCollGain
  if (batchManager) {
    const own = latestInBatch(branch, trove, batchManager, now)
    const entireDebt =
      own.recordedDebt + gains.redistBoldDebtGain + own.accruedInterest + own.accruedBatchManagementFee
    return { ...own, ...gains, entireDebt, entireColl }
  }
  const weightedRecordedDebt = checkedMul(recordedDebt, annualInterestRate)
  const period = interestPeriod(branch, trove.lastDebtUpdateTime, now)
  const accruedInterest = interestDown(weightedRecordedDebt, period)
  return {
    ...gains,
    entireDebt: recordedDebt + gains.redistBoldDebtGain + accruedInterest,
    entireColl,
    accruedInterest,
    recordedDebt,
    annualInterestRate,
    weightedRecordedDebt,
    accruedBatchManagementFee: 0n,
    lastInterestRateAdjTime,
  }
}

/** TroveManager.getCurrentICR, a wad: with it below MCR a trove can be liquidated. */
export const individualRatioDown = (branch: ReadBranch, trove: Trove, price: bigint, now: number): bigint => {
  const { entireColl, entireDebt } = latestTrove(branch, trove, now)
  return collateralRatioDown(entireColl, entireDebt, price)
}

/** ActivePool.calcPendingAggInterest, rounded up: never less than what all troves accrue. */
export const pendingAggInterestUp = ({ pools }: ReadBranch, now: number): bigint => {
  const { aggWeightedDebtSum, lastAggUpdateTime } = pools.activePool
  if (pools.shutdownTime !== 0) return 0n
  return mulDivUp(aggWeightedDebtSum, secondsFrom(lastAggUpdateTime, now), ONE_YEAR * WAD)
}

/** ActivePool.calcPendingAggBatchManagementFee, rounded up; it stops at the shutdown. */
export const pendingBatchManagementFeeUp = ({ pools }: ReadBranch, now: number): bigint => {
  const { aggWeightedBatchManagementFeeSum, lastAggBatchManagementFeesUpdateTime } = pools.activePool
  const end = pools.shutdownTime || now
  const start = Math.min(lastAggBatchManagementFeesUpdateTime, end)
  return mulDivUp(aggWeightedBatchManagementFeeSum, secondsFrom(start, end), ONE_YEAR * WAD)
}

/** ActivePool.getBoldDebt: without what redistributions left in the DefaultPool. */
export const activePoolDebt = (branch: ReadBranch, now: number): bigint => {
  const { aggRecordedDebt, aggBatchManagementFees } = branch.pools.activePool
  const pending = pendingAggInterestUp(branch, now) + pendingBatchManagementFeeUp(branch, now)
  return aggRecordedDebt + aggBatchManagementFees + pending
}

/** LiquityBase.getEntireBranchDebt. */
export const branchDebt = (branch: ReadBranch, now: number): bigint =>
  activePoolDebt(branch, now) + branch.pools.defaultPool.debt

/** LiquityBase.getEntireBranchColl. */
export const branchColl = ({ pools: { activePool, defaultPool } }: ReadBranch): bigint =>
  activePool.coll + defaultPool.coll

/** LiquityBase._getTCR, a wad. */
export const totalRatioDown = (branch: ReadBranch, price: bigint, now: number): bigint =>
  collateralRatioDown(branchColl(branch), branchDebt(branch, now), price)

/** TroveManager.getUnbackedPortionPriceAndRedeemability: how much of a redemption the branch would take, and whether it takes part. */
export const redeemability = (
  branch: ReadBranch,
  price: bigint,
  now: number,
): { readonly unbacked: bigint; readonly isRedeemable: boolean } => {
  const { stabilityPoolDeposits, shutdownTime } = branch.pools
  const debt = branchDebt(branch, now)
  return {
    unbacked: debt > stabilityPoolDeposits ? debt - stabilityPoolDeposits : 0n,
    isRedeemable: totalRatioDown(branch, price, now) >= branch.setup.parameters.SCR && shutdownTime === 0,
  }
}
