import type { Env } from '../adapter.ts'
import type { CompoundMarket } from './state.ts'

/**
 * The slot that interest accrues to: the block's number, or the time in s. A later time than the block's, as in a simulation,
 * counts as so many whole blocks more.
 */
export const slotOf = ({ clock, secondsPerBlock }: CompoundMarket, { block, timestamp }: Env): bigint => {
  if (clock === 'second') return BigInt(timestamp)
  return block.number + BigInt(timestamp - block.timestamp) / secondsPerBlock
}
