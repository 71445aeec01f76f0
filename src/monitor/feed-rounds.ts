// When price feeds spoke last.
import { type Address, encodeFunctionData } from 'viem'
import { aggregatorAbi } from '../../abis/aggregator.ts'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult } from '../model/evm.ts'
import { answerOf } from '../protocols/answers.ts'

/** A feed's view of a few stored words, behind a proxy or two. */
export const ROUND_GAS_MAX = 200_000

/** `updatedAt` in unix seconds. */
export type LatestRound = { readonly roundId: bigint; readonly updatedAt: number }

/** The last word of each feed that has one at a block, and tells when. Throws what `read` throws. */
export const latestRounds = async (
  read: (block: BlockRef, calls: readonly Call[]) => Promise<readonly CallResult[]>,
  block: BlockRef,
  feeds: readonly Address[],
): Promise<ReadonlyMap<Address, LatestRound>> => {
  if (feeds.length === 0) return new Map()
  const data = encodeFunctionData({ abi: aggregatorAbi, functionName: 'latestRoundData' })
  const results = await read(
    block,
    feeds.map((to) => ({ to, data, gasMax: ROUND_GAS_MAX })),
  )
  return new Map(
    feeds.flatMap((feed, index): readonly (readonly [Address, LatestRound])[] => {
      const answer = answerOf(aggregatorAbi, 'latestRoundData', results[index])
      if (!answer.ok) return []
      const [roundId, , , updatedAt] = answer.value
      const isTime = updatedAt > 0n && updatedAt <= BigInt(block.timestamp)
      return isTime ? [[feed, { roundId, updatedAt: Number(updatedAt) }]] : []
    }),
  )
}
