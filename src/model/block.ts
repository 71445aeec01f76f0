import type { Hash } from 'viem'

/** One block of one chain. `timestamp` is in seconds. */
export type BlockRef = {
  readonly chainId: number
  readonly number: bigint
  readonly hash: Hash
  readonly timestamp: number
}
