// TroveManager.batchLiquidateTroves of liquity/bold, on the state.
import { WAD } from '../../units/brands.ts'
import { ArithmeticError } from '../../units/errors.ts'
import { checkedSub } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import {
  accountForChange,
  afterFetch,
  applyGains,
  mintBatchManagementFee,
  moveColl,
  NO_CHANGE,
  type TroveChange,
  withPools,
} from './accounting.ts'
import {
  individualRatioDown,
  type LatestTrove,
  latestBatch,
  latestTrove,
  type ReadBranch,
} from './accrual.ts'
import { ETH_GAS_COMPENSATION, MIN_BOLD_IN_SP } from './constants.ts'
import { checkedMul, min } from './math.ts'
import { type Split, splitDown } from './seizure.ts'
import { leaveBatch, withTotalStakes } from './shares.ts'
import type { Trove, TroveId } from './state.ts'

/** Some troves of a branch, and the branch. */
export type Book = { readonly branch: ReadBranch; readonly troves: ReadonlyMap<TroveId, Trove> }

/** One trove that was liquidated: what it had, and what became of it. */
export type LiquidatedTrove = { readonly id: TroveId; readonly latest: LatestTrove; readonly split: Split }

/** What a liquidation of several troves did; `gasCompensation` is WETH. */
export type LiquidatedTroves = {
  readonly book: Book
  readonly liquidated: readonly LiquidatedTrove[]
  readonly totals: Split
  readonly gasCompensation: bigint
}

const NOTHING: Split = {
  debtToOffset: 0n,
  collToSendToSP: 0n,
  collGasCompensation: 0n,
  debtToRedistribute: 0n,
  collToRedistribute: 0n,
  collSurplus: 0n,
}

const sumOf = (a: Split, b: Split): Split => ({
  debtToOffset: a.debtToOffset + b.debtToOffset,
  collToSendToSP: a.collToSendToSP + b.collToSendToSP,
  collGasCompensation: a.collGasCompensation + b.collGasCompensation,
  debtToRedistribute: a.debtToRedistribute + b.debtToRedistribute,
  collToRedistribute: a.collToRedistribute + b.collToRedistribute,
  collSurplus: a.collSurplus + b.collSurplus,
})

/** TroveManager._closeTrove: one trove less, but never the last; while a branch is shut down its owner may close that too. */
export const closeTrove = (
  branch: ReadBranch,
  id: TroveId,
  trove: Trove,
  isLiquidation: boolean,
): ReadBranch => {
  const { troveCount, lastZombieTroveId, shutdownTime } = branch.pools
  requireThat(troveCount !== 1n || (shutdownTime !== 0 && !isLiquidation), 'OnlyOneTroveLeft')
  const closed = withPools(branch, {
    troveCount: troveCount - 1n,
    lastZombieTroveId: lastZombieTroveId === id ? null : lastZombieTroveId,
  })
  return withTotalStakes(closed, checkedSub(closed.redistribution.totalStakes, trove.stake))
}

/** A trove leaves its batch, and what that changes in the branch's weighted debt: the batch accrued, the trove's part taken from the old side. */
const dropDebt = (
  branch: ReadBranch,
  trove: Trove,
  latest: LatestTrove,
  now: number,
): { readonly branch: ReadBranch; readonly change: TroveChange } => {
  const { batchManager } = trove
  const oldWeightedRecordedDebt = latest.weightedRecordedDebt
  if (!batchManager) return { branch, change: { ...NO_CHANGE, oldWeightedRecordedDebt } }
  const batch = latestBatch(branch, batchManager, now)
  const debt = latest.entireDebt - latest.redistBoldDebtGain
  const coll = latest.entireColl - latest.redistCollGain
  const left = leaveBatch(branch, batchManager, batch, trove, { debt, coll }, now)
  const change: TroveChange = {
    ...NO_CHANGE,
    oldWeightedRecordedDebt: batch.weightedRecordedDebt + checkedMul(debt, batch.annualInterestRate),
    newWeightedRecordedDebt: checkedMul(batch.entireDebt, batch.annualInterestRate),
    batchAccruedManagementFee: batch.accruedManagementFee,
    oldWeightedRecordedBatchManagementFee:
      batch.weightedRecordedBatchManagementFee + checkedMul(debt, batch.annualManagementFee),
    newWeightedRecordedBatchManagementFee: checkedMul(batch.entireDebt, batch.annualManagementFee),
  }
  return { branch: mintBatchManagementFee(left, change, now), change }
}

type Step = LiquidatedTroves & { readonly change: TroveChange; readonly boldInSP: bigint }

/** TroveManager._liquidate, and its part in the totals. */
const liquidateOne = (step: Step, id: TroveId, trove: Trove, price: bigint, now: number): Step => {
  const { branch } = step.book
  const latest = latestTrove(branch, trove, now)
  const { entireDebt, entireColl, redistBoldDebtGain, redistCollGain } = latest
  const split = splitDown(branch.setup.parameters, entireDebt, entireColl, step.boldInSP, price)
  const closed = closeTrove(applyGains(branch, redistBoldDebtGain, redistCollGain), id, trove, true)
  const dropped = dropDebt(closed, trove, latest, now)
  const troves = new Map(step.book.troves)
  troves.delete(id)
  const { change } = step
  return {
    book: { branch: dropped.branch, troves },
    liquidated: [...step.liquidated, { id, latest, split }],
    totals: sumOf(step.totals, split),
    gasCompensation: step.gasCompensation + ETH_GAS_COMPENSATION,
    boldInSP: step.boldInSP - split.debtToOffset,
    change: {
      ...change,
      debtDecrease: change.debtDecrease + entireDebt,
      collDecrease: change.collDecrease + entireColl,
      appliedRedistBoldDebtGain: change.appliedRedistBoldDebtGain + redistBoldDebtGain,
      oldWeightedRecordedDebt: change.oldWeightedRecordedDebt + dropped.change.oldWeightedRecordedDebt,
      newWeightedRecordedDebt: change.newWeightedRecordedDebt + dropped.change.newWeightedRecordedDebt,
    },
  }
}

const checkedDivisor = (totalStakes: bigint): bigint => {
  if (totalStakes === 0n) throw new ArithmeticError('no stakes to redistribute to', 0x12)
  return totalStakes
}

/** TroveManager._redistributeDebtAndColl: sums per stake, cut; what is cut is carried to the next time. */
const redistribute = (branch: ReadBranch, debt: bigint, coll: bigint): ReadBranch => {
  if (debt === 0n) return branch
  const { redistribution, pools } = branch
  const stakes = checkedDivisor(redistribution.totalStakes)
  const collNumerator = coll * WAD + redistribution.lastCollError
  const debtNumerator = debt * WAD + redistribution.lastBoldDebtError
  const received = withPools(branch, {
    defaultPool: { coll: pools.defaultPool.coll + coll, debt: pools.defaultPool.debt + debt },
  })
  return {
    ...moveColl(received, -coll),
    redistribution: {
      ...redistribution,
      L_coll: redistribution.L_coll + collNumerator / stakes,
      L_boldDebt: redistribution.L_boldDebt + debtNumerator / stakes,
      lastCollError: collNumerator % stakes,
      lastBoldDebtError: debtNumerator % stakes,
    },
  }
}

/** Collateral and debt go where the split says, and stakes are measured anew. */
const settle = (branch: ReadBranch, totals: Split): ReadBranch => {
  const { debtToOffset, collToSendToSP, debtToRedistribute, collToRedistribute } = totals
  const offset = withPools(moveColl(branch, -collToSendToSP), {
    stabilityPoolDeposits: checkedSub(branch.pools.stabilityPoolDeposits, debtToOffset),
  })
  const redistributed = redistribute(offset, debtToRedistribute, collToRedistribute)
  const settled = moveColl(redistributed, -totals.collSurplus - totals.collGasCompensation)
  const { activePool, defaultPool } = settled.pools
  return {
    ...settled,
    redistribution: {
      ...settled.redistribution,
      totalStakesSnapshot: settled.redistribution.totalStakes,
      totalCollateralSnapshot: activePool.coll + defaultPool.coll,
    },
  }
}

/** TroveManager.batchLiquidateTroves: those of the list that are below MCR when it comes to them; others are passed over. */
export const batchLiquidateTroves = (
  before: Book,
  ids: readonly TroveId[],
  price: bigint,
  now: number,
): LiquidatedTroves => {
  requireThat(ids.length > 0, 'EmptyData')
  const branch = afterFetch(before.branch, now)
  const deposits = branch.pools.stabilityPoolDeposits
  let step: Step = {
    book: { ...before, branch },
    liquidated: [],
    totals: NOTHING,
    gasCompensation: 0n,
    change: NO_CHANGE,
    boldInSP: deposits - min(MIN_BOLD_IN_SP, deposits),
  }
  for (const id of ids) {
    const trove = step.book.troves.get(id)
    if (!trove) continue
    const ratio = individualRatioDown(step.book.branch, trove, price, now)
    if (ratio < branch.setup.parameters.MCR) step = liquidateOne(step, id, trove, price, now)
  }
  requireThat(step.change.debtDecrease > 0n, 'NothingToLiquidate')
  const { change, boldInSP: _, ...done } = step
  const accounted = accountForChange(done.book.branch, change, now)
  return { ...done, book: { ...done.book, branch: settle(accounted, done.totals) } }
}
