// The proof: the trove's debt and collateral in the contract's words, and a trial liquidation; and how complete the book is.
import { encodeFunctionData, type Hex, hexToBigInt, multicall3Abi } from 'viem'
import { troveManagerAbi, troveNftAbi } from '../../../abis/liquity-v2.ts'
import type { Assessment, Health } from '../../model/assessment.ts'
import type { BlockRef } from '../../model/block.ts'
import type { Coverage } from '../../model/coverage.ts'
import type { CallResult, ContractCall } from '../../model/evm.ts'
import { formatMarketId } from '../../model/ids.ts'
import { PPM } from '../../units/brands.ts'
import type { AuditRead } from '../adapter.ts'
import { answerOf } from '../answers.ts'
import { unlessRefused } from '../refusing.ts'
import { branchDebt, latestTrove, readBranch } from './accrual.ts'
import { callOf } from './reads/calls.ts'
import {
  type Contracts,
  knownBranches,
  type LiquityMarket,
  type LiquityMirror,
  type TrovePosition,
} from './state.ts'

const LATEST_GAS_MAX = 150_000

/** A liquidation with its price, both pools, a batch and a redistribution. */
const TRIAL_GAS_MAX = 3_000_000

/** The same on every chain; where it is not, nothing answers. */
const MULTICALL3 = '0xcA11bde05977b3631167028862bE2a173976CA11'

/** What Multicall3 says when a call that has to go through does not. */
const CALL_FAILED = 'Multicall3: call failed'

/**
 * A liquidation that leaves no trace: after it the trove's token has to be there still. If the trove is liquidated it is
 * not, and everything reverts; if not, nothing was done. So the trial succeeds exactly where the liquidation is refused.
 */
const trialOf = ({ troveManager, troveNFT }: Contracts, id: bigint): ContractCall => {
  const liquidation = encodeFunctionData({
    abi: troveManagerAbi,
    functionName: 'batchLiquidateTroves',
    args: [[id]],
  })
  const owner = encodeFunctionData({ abi: troveNftAbi, functionName: 'ownerOf', args: [id] })
  const calls = [
    { target: troveManager, allowFailure: true, callData: liquidation },
    { target: troveNFT, allowFailure: false, callData: owner },
  ]
  return callOf(MULTICALL3, multicall3Abi, 'aggregate3', [calls] as never, TRIAL_GAS_MAX)
}

/** Whether the trial says that the trove can be liquidated; undefined where it does not tell: without gas, or without Multicall3. */
const verdictIn = (result: CallResult | undefined): boolean | undefined => {
  if (!result) return undefined
  if (!result.ok) return result.error.includes(CALL_FAILED) ? true : undefined
  const answer = answerOf(multicall3Abi, 'aggregate3', result)
  const refusal: Hex = (answer.ok && answer.value[0]?.returnData) || '0x'
  return refusal === '0x' ? undefined : false
}

const compareHealth = (
  { entireDebt, entireColl }: { readonly entireDebt: bigint; readonly entireColl: bigint },
  verdict: boolean | undefined,
  health: Health,
): readonly string[] => {
  const debt = health.debt[0]?.amount ?? 0n
  const coll = health.collateral[0]?.amount ?? 0n
  return [
    ...(debt === entireDebt ? [] : [`debt: ours ${debt}, TroveManager's ${entireDebt}`]),
    ...(coll === entireColl ? [] : [`collateral: ours ${coll}, TroveManager's ${entireColl}`]),
    ...(verdict === undefined || verdict === health.isExecutable
      ? []
      : [`liquidation: ours ${health.isExecutable}, a trial ${verdict}`]),
  ]
}

const compare = (
  [first, second]: readonly CallResult[],
  assessment: Assessment,
): readonly string[] | undefined => {
  const latest = answerOf(troveManagerAbi, 'getLatestTroveData', first)
  if (!latest.ok) return undefined
  if (assessment.kind === 'unassessable')
    return assessment.reason === 'maths-reverts'
      ? [`TroveManager answers, but our maths reverts: ${assessment.detail}`]
      : undefined
  return compareHealth(latest.value, verdictIn(second), assessment)
}

/** TroveManager.getLatestTroveData, and whether batchLiquidateTroves takes the trove. */
export const audit = (market: LiquityMarket, position: TrovePosition): AuditRead => {
  if (market.isShared || !market.setup) return { calls: [], compare: () => undefined }
  const { contracts } = market.setup
  const id = hexToBigInt(position.id.account as Hex)
  return {
    calls: [
      callOf(contracts.troveManager, troveManagerAbi, 'getLatestTroveData', [id], LATEST_GAS_MAX),
      trialOf(contracts, id),
    ],
    compare,
  }
}

/** Σ tracked debt against LiquityBase.getEntireBranchDebt, which rounds interest up where a trove's is cut, in every branch that has debt. */
export const coverage = (mirror: LiquityMirror, { timestamp }: BlockRef): readonly Coverage[] =>
  knownBranches(mirror).flatMap((market): readonly Coverage[] => {
    const debts = unlessRefused(() => {
      const branch = readBranch(market)
      const troves = [...mirror.positions.values()].filter(({ id }) => id.market === market.id.market)
      return {
        total: branchDebt(branch, timestamp),
        tracked: troves.reduce((sum, trove) => sum + latestTrove(branch, trove, timestamp).entireDebt, 0n),
      }
    })
    if ('kind' in debts || debts.total === 0n) return []
    const { address: asset, symbol, decimals } = market.bold
    return [
      {
        market: formatMarketId(market.id),
        ...{ asset, symbol, decimals },
        trackedDebt: debts.tracked,
        totalDebt: debts.total,
        ppm: Number((debts.tracked * PPM) / debts.total),
      },
    ]
  })
