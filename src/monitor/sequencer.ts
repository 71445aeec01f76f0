// Whether the sequencer of a rollup orders transactions: what Chainlink's uptime feed on that chain says.
import { type Address, encodeFunctionData } from 'viem'
import { aggregatorAbi } from '../../abis/aggregator.ts'
import type { Chain } from '../chain/chain.ts'
import { answerOf } from '../protocols/answers.ts'
import { formatDuration } from '../units/duration.ts'
import type { SelfCheck } from './judge.ts'
import type { Lookout } from './lookout.ts'

const GAS_MAX = 200_000
const UP = 0n
const DOWN = 1n

/** `startedAt` is when it went up or down, seconds; 0 before the feed's first word (docs.chain.link, L2 sequencer uptime feeds). */
const checkOf = (
  answer: bigint,
  startedAt: number,
  timestamp: number,
  graceSeconds: number,
): SelfCheck | undefined => {
  if (startedAt === 0 || (answer !== UP && answer !== DOWN)) return undefined
  const since = timestamp - startedAt
  if (answer === DOWN)
    return {
      ...{ name: 'SequencerDown', isMet: true },
      detail: `the sequencer has been down for ${formatDuration(since)}: transactions, repairs included, wait`,
    }
  const isMet = since < graceSeconds
  return {
    ...{ name: 'SequencerDown', isMet },
    detail: isMet
      ? `the sequencer is up again for ${formatDuration(since)}; until ${formatDuration(graceSeconds)} are over, prices and liquidations catch up`
      : 'the sequencer is up',
  }
}

/** A chain whose sequencer is not watched, or not any more. */
export const NO_SEQUENCER: Lookout = {
  look: async () => undefined,
  checks: () => [{ name: 'SequencerDown', isMet: false, detail: 'no sequencer is watched' }],
}

/** Watches the uptime feed of a chain. Where it does not answer, nothing is said. */
export const createSequencerWatch = (
  read: Chain['read'],
  { feed, graceSeconds }: { readonly feed: Address; readonly graceSeconds: number },
): Lookout => {
  let checks: readonly SelfCheck[] = []
  return {
    look: async (block) => {
      checks = []
      const data = encodeFunctionData({ abi: aggregatorAbi, functionName: 'latestRoundData' })
      const { results } = await read(block, [{ to: feed, data, gasMax: GAS_MAX }])
      const round = answerOf(aggregatorAbi, 'latestRoundData', results[0])
      if (!round.ok) return
      const [, answer, startedAt] = round.value
      const check = checkOf(answer, Number(startedAt), block.timestamp, graceSeconds)
      checks = check ? [check] : []
    },
    checks: () => checks,
  }
}
