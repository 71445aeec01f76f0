// A batch of troves: TroveManager tells what is stored beside what has accrued.
import type { Address } from 'viem'
import { troveManagerAbi } from '../../../../abis/liquity-v2.ts'
import { answerOf } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import type { Batch, Contracts, LiquityChange, LiquityMirror, LiquityRead } from '../state.ts'
import { callOf } from './calls.ts'
import { updateBranch } from './changes.ts'

const BATCH_GAS_MAX = 100_000

/** A batch that cannot be read is not there: its troves are unassessable until it is. */
export const readBatch = (
  mirror: LiquityMirror,
  branch: string,
  { troveManager }: Contracts,
  manager: Address,
): LiquityRead => {
  const key = keys.batch(branch, manager)
  return {
    key,
    calls: [callOf(troveManager, troveManagerAbi, 'getLatestBatchData', [manager], BATCH_GAS_MAX)],
    decode: ([result]): readonly LiquityChange[] => {
      const answer = answerOf(troveManagerAbi, 'getLatestBatchData', result)
      if (!answer.ok)
        return [
          updateBranch(mirror, branch, (current) => {
            const { [manager]: _lost, ...batches } = current.batches
            return { ...current, batches }
          }),
          retry(key),
        ]
      const { value } = answer
      const batch: Batch = {
        debt: value.recordedDebt,
        coll: value.entireCollWithoutRedistribution,
        lastDebtUpdateTime: Number(value.lastDebtUpdateTime),
        lastInterestRateAdjTime: Number(value.lastInterestRateAdjTime),
        annualInterestRate: value.annualInterestRate,
        annualManagementFee: value.annualManagementFee,
        totalDebtShares: value.totalDebtShares,
      }
      return [
        updateBranch(mirror, branch, (current) => ({
          ...current,
          batches: { ...current.batches, [manager]: batch },
        })),
      ]
    },
  }
}
