// Which observed blocks are replayed: all of them, or some with everything that is known to have happened.
import type { BlockRef } from '../model/block.ts'

/** Exact assessments that a replay makes where nothing else is said; far fewer where it also has to search for the prices that liquidate. */
const ASSESSMENTS_MAX = 20_000
const RISKS_MAX = 1_000

/** Blocks in order, at most one of each interval besides those that have to be there. */
export type Chosen = { readonly blocks: readonly BlockRef[]; readonly everySeconds: number | undefined }

/** What there is to do at each block. */
type Work = { readonly loanCount: number; readonly wantsRisk: boolean }

/** The interval that keeps assessments of so many loans within bounds; undefined where all blocks do. */
const intervalFor = (blocks: readonly BlockRef[], { loanCount, wantsRisk }: Work): number | undefined => {
  const most = wantsRisk ? RISKS_MAX : ASSESSMENTS_MAX
  const count = Math.max(1, Math.floor(most / Math.max(1, loanCount)))
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (!first || !last || blocks.length <= count) return undefined
  return Math.max(1, Math.ceil((last.timestamp - first.timestamp) / count))
}

/** The last block of each interval, the first and the last of all, and those of `kept`, by number. */
export const chooseBlocks = (
  blocks: readonly BlockRef[],
  work: Work,
  kept: ReadonlySet<bigint>,
  everyGiven: number | undefined,
): Chosen => {
  const everySeconds = everyGiven ?? intervalFor(blocks, work)
  if (everySeconds === undefined) return { blocks, everySeconds }
  const intervalOf = ({ timestamp }: BlockRef): number => Math.floor(timestamp / everySeconds)
  return {
    everySeconds,
    blocks: blocks.filter((block, index) => {
      const next = blocks[index + 1]
      return index === 0 || !next || kept.has(block.number) || intervalOf(next) !== intervalOf(block)
    }),
  }
}

/** The last block before a number; blocks are in order. */
export const blockBefore = (blocks: readonly BlockRef[], number: bigint): BlockRef | undefined => {
  let [low, high] = [0, blocks.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((blocks[middle] as BlockRef).number < number) low = middle + 1
    else high = middle
  }
  return blocks[low - 1]
}

/** The longest time between two blocks, in seconds. */
export const longestGap = (blocks: readonly BlockRef[]): number =>
  blocks.reduce(
    (most, { timestamp }, at) => Math.max(most, timestamp - (blocks[at - 1]?.timestamp ?? timestamp)),
    0,
  )
