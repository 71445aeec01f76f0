import type { Hash, Hex } from 'viem'
import type { Header } from './chain.ts'

type RpcBlock = {
  readonly number: Hex | null
  readonly hash: Hash | null
  readonly parentHash: Hash
  readonly timestamp: Hex
  readonly logsBloom: Hex | null
  readonly baseFeePerGas?: Hex | null
}

/** A header as an endpoint answers it; undefined where there is none, or only a pending one. */
export const headerOf = (chainId: number, answer: unknown): Header | undefined => {
  const block = answer as RpcBlock | null
  if (!block?.hash || !block.number) return undefined
  return {
    chainId,
    number: BigInt(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timestamp: Number(block.timestamp),
    logsBloom: block.logsBloom ?? '0x',
    baseFeeWei: block.baseFeePerGas ? BigInt(block.baseFeePerGas) : null,
  }
}
