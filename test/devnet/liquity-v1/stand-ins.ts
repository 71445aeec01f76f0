// Small contracts that stand in for what lies around a system.
import { type Address, concatHex, encodeAbiParameters, type Hex } from 'viem'
import { creationCode } from '../bytecode.ts'
import type { Transaction } from '../plan.ts'

/** PUSH1 32, PUSH0, RETURN: takes coins, and answers zero to every call. Protocol tokens, staking, issuance. */
export const SILENT: Hex = creationCode('0x60205ff3')

/**
 * Answers its two words of storage to any call, and stores the two words that are sent to it: a feed of Zero, with a price and
 * whether it is to be trusted; a price feed of Liquity, whose answer is the first.
 */
export const SETTABLE: Hex = creationCode(
  concatHex([
    '0x366040146015575f545f5260015460205260405ff3', // 64 bytes of data: jump to 0x15, else return both words
    '0x5b5f355f5560203560015500', // 0x15: store both words
  ]),
)

/** Sets what a settable contract answers. */
export const setWords = (from: Address, to: Address, first: bigint, second: bigint): Transaction => ({
  from,
  to,
  data: encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [first, second]),
})
