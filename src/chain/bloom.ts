import { type Address, type Hex, hexToBytes, keccak256 } from 'viem'

const BLOOM_BYTES = 256

/** The three bits that a value sets in a block's logs bloom (Ethereum yellow paper, section 4.3.1). */
const bitsOf = (value: Hex): readonly number[] => {
  const hash = hexToBytes(keccak256(value))
  return [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 0x7ff)
}

const has = (bloom: Uint8Array, value: Hex): boolean =>
  bitsOf(value).every((bit) => (((bloom[BLOOM_BYTES - 1 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1)

/**
 * Whether a block may hold a log of one of these contracts with one of these topics. False is certain, true is not: a
 * crowded bloom says yes to much. A header without a bloom says nothing, and so false.
 */
export const mayHoldLogs = (
  logsBloom: Hex,
  addresses: readonly Address[],
  topics: readonly Hex[],
): boolean => {
  const bloom = hexToBytes(logsBloom)
  if (bloom.length !== BLOOM_BYTES) return false
  return addresses.some((address) => has(bloom, address)) && topics.some((topic) => has(bloom, topic))
}
