import type { Hash } from 'viem'

/** One block of one chain. `timestamp` is in seconds. */
export type BlockRef = {
  readonly chainId: number
  readonly number: bigint
  readonly hash: Hash
  readonly timestamp: number
}

/** These fields alone, of what may be a whole header. */
export const blockRef = ({ chainId, number, hash, timestamp }: BlockRef): BlockRef => ({
  ...{ chainId, number, hash, timestamp },
})

const NO_HASH: Hash = '0x'

/** A time at which no block of a chain is known: where nothing could be read yet, and of what is of no chain. */
export const unreadBlock = (chainId: number, timestamp: number): BlockRef => ({
  ...{ chainId, number: 0n, hash: NO_HASH, timestamp },
})

/** Whether it is a block of a chain. */
export const isRead = ({ hash }: BlockRef): boolean => hash !== NO_HASH
