// Branches and troves as they stand: getters, ratios, whether a liquidation or a shutdown goes through.

import { compareRecorded, type VectorFile } from '../../vectors.ts'
import {
  activePoolDebt,
  branchColl,
  branchDebt,
  individualRatioDown,
  latestBatch,
  latestTrove,
  pendingAggInterestUp,
  pendingBatchManagementFeeUp,
  type ReadBranch,
  redeemability,
  totalRatioDown,
} from '../accrual.ts'
import { assess } from '../assess.ts'
import { LIQUIDATE, liquidate } from '../liquidation.ts'
import type { TrovePosition } from '../state.ts'
import { addressOf, branchOf, envOf, isOpen, positionOf } from './recorded.ts'

/** The getters of a trove at a time. */
export const gettersOf = (branch: ReadBranch, position: TrovePosition, price: bigint, now: number) => {
  const { lastInterestRateAdjTime, ...latest } = latestTrove(branch, position, now)
  return {
    getLatestTroveData: { ...latest, lastInterestRateAdjTime: String(lastInterestRateAdjTime) },
    getCurrentICR: individualRatioDown(branch, position, price, now),
    getTroveAnnualInterestRate: latest.annualInterestRate,
  }
}

/** What shutdown() would do: it asks what redemptions ask too. */
const shutdownOf = (branch: ReadBranch, price: bigint, now: number) => {
  if (branch.pools.shutdownTime !== 0) return { ok: false, revert: 'IsShutDown' }
  if (redeemability(branch, price, now).isRedeemable) return { ok: false, revert: 'TCRNotBelowSCR' }
  return { ok: true, TCR: totalRatioDown(branch, price, now) }
}

export const checkState = (state: VectorFile): readonly string[] => {
  const branch = branchOf(state)
  const now = Number(state['timestamp'])
  const price = BigInt(state['price'])
  const { unbacked, isRedeemable } = redeemability(branch, price, now)
  const batches = Object.keys(state['batches']).map((name) => {
    const { entireDebt, ...batch } = latestBatch(branch, addressOf(name), now)
    return [name, { ...batch, entireDebtWithoutRedistribution: entireDebt }]
  })
  return compareRecorded(state['expected'], {
    getEntireBranchColl: branchColl(branch),
    getEntireBranchDebt: branchDebt(branch, now),
    activePoolGetBoldDebt: activePoolDebt(branch, now),
    calcPendingAggInterest: pendingAggInterestUp(branch, now),
    calcPendingAggBatchManagementFee: pendingBatchManagementFeeUp(branch, now),
    unbackedPortion: unbacked,
    redeemable: isRedeemable,
    shutdown: shutdownOf(branch, price, now),
    batches: Object.fromEntries(batches),
  })
}

/** Whether the trove alone can be liquidated, and that its assessment says the same. */
export const trialOf = (branch: ReadBranch, position: TrovePosition, price: bigint, timestamp: string) => {
  const env = envOf(timestamp, [{ branch, price }])
  const outcome = liquidate(branch, position, env, {
    method: LIQUIDATE,
    debtAsset: branch.bold.address,
    collateralAsset: branch.collateral.address,
  })
  const health = assess(branch, position, env)
  const ok = outcome.kind === 'liquidated'
  if (health.kind !== 'assessed' || health.isExecutable !== ok)
    return { assessment: health.kind === 'assessed' ? `isExecutable ${health.isExecutable}` : health.detail }
  return ok ? { ok } : { ok, revert: outcome.revert }
}

export const checkScene = (scene: VectorFile, file: VectorFile): readonly string[] => {
  const state = file['states'][scene['state']]
  const branch = branchOf(state)
  const position = positionOf(scene, branch)
  const price = BigInt(state.price)
  const trial = isOpen(scene)
    ? trialOf(branch, position, price, state.timestamp)
    : { ok: false, revert: 'NothingToLiquidate' }
  return compareRecorded(scene['expected'], {
    ...gettersOf(branch, position, price, Number(state.timestamp)),
    batchLiquidateTroves: trial,
  })
}

export const checkShutdown = (record: VectorFile): readonly string[] => {
  const { branch, txTimestamp } = record
  return compareRecorded(
    record['expected'],
    shutdownOf(branchOf(branch), BigInt(branch.price), Number(txTimestamp)),
  )
}
