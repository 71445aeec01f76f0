// Redeeming from troves of one branch: TroveManager.redeemCollateral and urgentRedemption of liquity/bold, on the state.
import type { Address } from 'viem'
import { UINT256_MAX, WAD } from '../../units/brands.ts'
import { checkedSub, mulDivDown } from '../../units/mul-div.ts'
import { requireThat } from '../refusing.ts'
import {
  accountForBatchChange,
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
import { MIN_DEBT, URGENT_REDEMPTION_BONUS } from './constants.ts'
import type { Book } from './liquidating.ts'
import { checkedMul, min } from './math.ts'
import { restake, type TroveInBranch, updateBatchShares, withBatch } from './shares.ts'
import type { Batch, Trove, TroveId } from './state.ts'

/** BOLD that is redeemed from a trove, and collateral for it; `collFee` is what the trove keeps of that. */
export type Lot = { readonly bold: bigint; readonly coll: bigint; readonly collFee: bigint }

/** A trove that was redeemed from: what it had before. */
export type RedeemedTrove = { readonly id: TroveId; readonly latest: LatestTrove; readonly lot: Lot }

export type Redeemed = {
  readonly book: Book
  readonly troves: readonly RedeemedTrove[]
  readonly totals: Lot
}

type Step = Redeemed & {
  readonly change: TroveChange
  readonly remaining: bigint
  readonly lastBatch: Address | null
}

const stepOf = (book: Book, bold: bigint): Step => ({
  book,
  troves: [],
  totals: { bold: 0n, coll: 0n, collFee: 0n },
  change: NO_CHANGE,
  remaining: bold,
  lastBatch: null,
})

/** TroveManager._updateBatchInterestPriorToRedemption: the batch is accrued to now, and so is the branch. */
const accrueBatch = (branch: ReadBranch, manager: Address, now: number): ReadBranch => {
  const batch = latestBatch(branch, manager, now)
  const stored = branch.batches[manager] as Batch
  const accrued = withBatch(branch, manager, { ...stored, debt: batch.entireDebt, lastDebtUpdateTime: now })
  const change: TroveChange = {
    ...NO_CHANGE,
    oldWeightedRecordedDebt: batch.weightedRecordedDebt,
    newWeightedRecordedDebt: checkedMul(batch.entireDebt, batch.annualInterestRate),
    batchAccruedManagementFee: batch.accruedManagementFee,
    oldWeightedRecordedBatchManagementFee: batch.weightedRecordedBatchManagementFee,
    newWeightedRecordedBatchManagementFee: checkedMul(batch.entireDebt, batch.annualManagementFee),
  }
  return accountForBatchChange(accrued, change, now)
}

/** What a lot changes in the branch's weighted debt. */
type Weights = Pick<TroveChange, 'oldWeightedRecordedDebt' | 'newWeightedRecordedDebt'>

type Applied = TroveInBranch & { readonly weights: Weights }

/** The part of _applySingleRedemption for a trove in a batch, which is accrued already. */
const applyInBatch = (
  { branch, trove }: TroveInBranch,
  manager: Address,
  latest: LatestTrove,
  lot: Lot,
  now: number,
): Applied => {
  const batch = latestBatch(branch, manager, now)
  const weighed = checkedSub(batch.entireDebt + latest.redistBoldDebtGain, lot.bold)
  const change: TroveChange = {
    ...NO_CHANGE,
    debtDecrease: lot.bold,
    collDecrease: lot.coll,
    appliedRedistBoldDebtGain: latest.redistBoldDebtGain,
    appliedRedistCollGain: latest.redistCollGain,
    oldWeightedRecordedBatchManagementFee: batch.weightedRecordedBatchManagementFee,
    newWeightedRecordedBatchManagementFee: checkedMul(weighed, batch.annualManagementFee),
  }
  const charged = mintBatchManagementFee(branch, change, now)
  const troveDebt = latest.entireDebt - lot.bold
  const shared = updateBatchShares({ branch: charged, trove }, manager, batch, change, troveDebt, now, false)
  return {
    ...shared,
    weights: {
      oldWeightedRecordedDebt: batch.weightedRecordedDebt,
      newWeightedRecordedDebt: checkedMul(weighed, batch.annualInterestRate),
    },
  }
}

const applyAlone = (
  { branch, trove }: TroveInBranch,
  latest: LatestTrove,
  { bold }: Lot,
  now: number,
): Applied => {
  const debt = latest.entireDebt - bold
  return {
    branch,
    trove: { ...trove, debt, lastDebtUpdateTime: now },
    weights: {
      oldWeightedRecordedDebt: latest.weightedRecordedDebt,
      newWeightedRecordedDebt: checkedMul(debt, latest.annualInterestRate),
    },
  }
}

/** TroveManager._applySingleRedemption, and its part in the totals. */
const applyLot = (
  step: Step,
  id: TroveId,
  stored: Trove,
  latest: LatestTrove,
  lot: Lot,
  now: number,
): Step => {
  const { book, change } = step
  const before: TroveInBranch = { branch: book.branch, trove: stored }
  const { branch, trove, weights } = stored.batchManager
    ? applyInBatch(before, stored.batchManager, latest, lot, now)
    : applyAlone(before, latest, lot, now)
  const coll = checkedSub(latest.entireColl, lot.coll)
  const staked = restake({ branch, trove: { ...trove, coll } })
  return {
    ...step,
    book: {
      branch: applyGains(staked.branch, latest.redistBoldDebtGain, latest.redistCollGain),
      troves: new Map(book.troves).set(id, staked.trove),
    },
    troves: [...step.troves, { id, latest, lot }],
    totals: {
      bold: step.totals.bold + lot.bold,
      coll: step.totals.coll + lot.coll,
      collFee: step.totals.collFee + lot.collFee,
    },
    change: {
      ...change,
      collDecrease: change.collDecrease + lot.coll,
      debtDecrease: change.debtDecrease + lot.bold,
      appliedRedistBoldDebtGain: change.appliedRedistBoldDebtGain + latest.redistBoldDebtGain,
      oldWeightedRecordedDebt: change.oldWeightedRecordedDebt + weights.oldWeightedRecordedDebt,
      newWeightedRecordedDebt: change.newWeightedRecordedDebt + weights.newWeightedRecordedDebt,
    },
    remaining: step.remaining - lot.bold,
  }
}

const finish = ({ book, troves, totals, change }: Step, now: number): Redeemed => ({
  book: { ...book, branch: moveColl(accountForChange(book.branch, change, now), -totals.coll) },
  troves,
  totals,
})

/** The end of _redeemCollateralFromTrove: a trove with little debt leaves the list, and one with some left is redeemed first the next time. */
const retire = (step: Step, id: TroveId, isPointedTo: boolean): Step => {
  const trove = step.book.troves.get(id) as Trove
  const { latest, lot } = step.troves.at(-1) as RedeemedTrove
  const debt = latest.entireDebt - lot.bold
  if (debt >= MIN_DEBT) return step
  const { branch, troves } = step.book
  const lastZombieTroveId =
    isPointedTo && debt === 0n ? null : !isPointedTo && debt > 0n ? id : branch.pools.lastZombieTroveId
  return {
    ...step,
    book: {
      branch: withPools(branch, { lastZombieTroveId }),
      troves: isPointedTo ? troves : new Map(troves).set(id, { ...trove, status: 'zombie', links: null }),
    },
  }
}

/** What one branch is asked for: BOLD, `price` for what is skipped and `redemptionPrice` for what is paid, the rate a wad. */
export type BranchRedemption = {
  readonly bold: bigint
  readonly price: bigint
  readonly redemptionPrice: bigint
  readonly rate: bigint
  /** Of troves looked at; 0 is no limit. */
  readonly iterationsMax: bigint
}

const redeemFrom = (
  before: Step,
  id: TroveId,
  isPointedTo: boolean,
  request: BranchRedemption,
  now: number,
): Step => {
  const trove = before.book.troves.get(id) as Trove
  const { batchManager } = trove
  const isNewBatch = batchManager !== null && batchManager !== before.lastBatch
  const step = isNewBatch
    ? {
        ...before,
        book: { ...before.book, branch: accrueBatch(before.book.branch, batchManager, now) },
        lastBatch: batchManager,
      }
    : before
  const latest = latestTrove(step.book.branch, trove, now)
  const bold = min(step.remaining, latest.entireDebt)
  const coll = mulDivDown(bold, WAD, request.redemptionPrice)
  const collFee = mulDivDown(coll, request.rate, WAD)
  const lot = { bold, coll: coll - collFee, collFee }
  return retire(applyLot(step, id, trove, latest, lot, now), id, isPointedTo)
}

/**
 * TroveManager.redeemCollateral: first the trove that the last redemption left off at, then `queue`, from the lowest rate
 * upwards. What is under water is passed over. Each batch is accrued once, as long as no other comes between.
 */
export const redeemCollateral = (
  book: Book,
  queue: readonly TroveId[],
  request: BranchRedemption,
  now: number,
): Redeemed => {
  const pointedTo = book.branch.pools.lastZombieTroveId
  const ids = pointedTo === null ? queue : [pointedTo, ...queue]
  let iterations = request.iterationsMax === 0n ? UINT256_MAX : request.iterationsMax
  let step = stepOf(book, request.bold)
  for (const id of ids) {
    if (step.remaining === 0n || iterations === 0n) break
    iterations -= 1n
    const trove = step.book.troves.get(id)
    requireThat(trove !== undefined, `trove ${id} is not read yet`)
    const ratio = individualRatioDown(step.book.branch, trove as Trove, request.price, now)
    if (ratio >= WAD) step = redeemFrom(step, id, id === pointedTo, request, now)
  }
  return finish(step, now)
}

/** TroveManager._urgentRedeemCollateralFromTrove: at a bonus instead of a fee, as far as there is collateral. */
const urgentLotDown = (remaining: bigint, { entireDebt, entireColl }: LatestTrove, price: bigint): Lot => {
  const bold = min(remaining, entireDebt)
  const coll = mulDivDown(bold, WAD + URGENT_REDEMPTION_BONUS, price)
  if (coll <= entireColl) return { bold, coll, collFee: 0n }
  const boldMax = mulDivDown(entireColl, price, WAD + URGENT_REDEMPTION_BONUS)
  return { bold: boldMax, coll: entireColl, collFee: 0n }
}

export type UrgentRedemption = {
  readonly bold: bigint
  readonly ids: readonly TroveId[]
  readonly collMin: bigint
  /** What the caller has; left out, enough. */
  readonly boldBalance?: bigint
}

/** TroveManager.urgentRedemption: from whichever troves of a branch that is shut down, in the order of the list. */
export const urgentRedemption = (
  before: Book,
  { bold, ids, collMin, boldBalance = bold }: UrgentRedemption,
  price: bigint,
  now: number,
): Redeemed => {
  requireThat(before.branch.pools.shutdownTime !== 0, 'NotShutDown')
  requireThat(bold > 0n, 'ZeroAmount')
  requireThat(boldBalance >= bold, 'NotEnoughBoldBalance')
  let step = stepOf({ ...before, branch: afterFetch(before.branch, now) }, bold)
  for (const id of ids) {
    if (step.remaining === 0n) break
    const trove = step.book.troves.get(id)
    if (!trove || latestTrove(step.book.branch, trove, now).entireDebt === 0n) continue
    const { batchManager } = trove
    const branch = batchManager ? accrueBatch(step.book.branch, batchManager, now) : step.book.branch
    // What counts was measured before the batch was accrued.
    const latest = latestTrove(step.book.branch, trove, now)
    const lot = urgentLotDown(step.remaining, latest, price)
    step = applyLot({ ...step, book: { ...step.book, branch } }, id, trove, latest, lot, now)
  }
  requireThat(step.totals.coll >= collMin, 'MinCollNotReached', [step.totals.coll])
  return finish(step, now)
}
