// What a branch's pools hold and owe, and how the branch stands.
import {
  activePoolAbi,
  defaultPoolAbi,
  stabilityPoolAbi,
  troveManagerAbi,
} from '../../../../abis/liquity-v2.ts'
import type { CallResult } from '../../../model/evm.ts'
import type { Fault } from '../../../model/market.ts'
import { answerOf, faultAmong } from '../../answers.ts'
import { retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { troveIdOf } from '../node.ts'
import type { Contracts, LiquityChange, LiquityMirror, LiquityRead, Pools } from '../state.ts'
import { callOf } from './calls.ts'
import { updateBranch, withPart } from './changes.ts'

const ACTIVE_POOL = [
  'getCollBalance',
  'aggRecordedDebt',
  'aggWeightedDebtSum',
  'lastAggUpdateTime',
  'aggBatchManagementFees',
  'aggWeightedBatchManagementFeeSum',
  'lastAggBatchManagementFeesUpdateTime',
] as const

const DEFAULT_POOL = ['getCollBalance', 'getBoldDebt'] as const

const TROVE_MANAGER = ['shutdownTime', 'lastZombieTroveId', 'getTroveIdsCount'] as const

const callsOf = ({ activePool, defaultPool, stabilityPool, troveManager }: Contracts) => [
  ...ACTIVE_POOL.map((name) => callOf(activePool, activePoolAbi, name, [])),
  ...DEFAULT_POOL.map((name) => callOf(defaultPool, defaultPoolAbi, name, [])),
  callOf(stabilityPool, stabilityPoolAbi, 'getTotalBoldDeposits', []),
  ...TROVE_MANAGER.map((name) => callOf(troveManager, troveManagerAbi, name, [])),
]

const poolsIn = (results: readonly CallResult[]): Pools | Fault => {
  const answers = [
    ...ACTIVE_POOL.map((name, index) => answerOf(activePoolAbi, name, results[index])),
    ...DEFAULT_POOL.map((name, index) => answerOf(defaultPoolAbi, name, results[7 + index])),
    answerOf(stabilityPoolAbi, 'getTotalBoldDeposits', results[9]),
    ...TROVE_MANAGER.map((name, index) => answerOf(troveManagerAbi, name, results[10 + index])),
  ]
  const fault = faultAmong(...answers)
  if (fault) return fault
  const value = (index: number): bigint => {
    const answer = answers[index]
    return answer?.ok ? (answer.value as bigint) : 0n
  }
  const zombie = value(11)
  return {
    activePool: {
      coll: value(0),
      aggRecordedDebt: value(1),
      aggWeightedDebtSum: value(2),
      lastAggUpdateTime: Number(value(3)),
      aggBatchManagementFees: value(4),
      aggWeightedBatchManagementFeeSum: value(5),
      lastAggBatchManagementFeesUpdateTime: Number(value(6)),
    },
    defaultPool: { coll: value(7), debt: value(8) },
    stabilityPoolDeposits: value(9),
    shutdownTime: Number(value(10)),
    lastZombieTroveId: zombie === 0n ? null : troveIdOf(zombie),
    troveCount: value(12),
  }
}

export const readPools = (mirror: LiquityMirror, branch: string, contracts: Contracts): LiquityRead => ({
  key: keys.pools(branch),
  calls: callsOf(contracts),
  decode: (results): readonly LiquityChange[] => {
    const pools = poolsIn(results)
    if ('reason' in pools)
      return [
        updateBranch(mirror, branch, (current) => withPart(current, 'pools', pools)),
        retry(keys.pools(branch)),
      ]
    return [updateBranch(mirror, branch, (current) => ({ ...withPart(current, 'pools', undefined), pools }))]
  },
})
