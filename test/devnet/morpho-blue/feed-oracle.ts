import { type Address, concatHex, type Hex, numberToHex, toFunctionSelector } from 'viem'
import { creationCode } from '../bytecode.ts'

/** Creation code of an oracle: the feed's latest answer times `scale`. It reverts where the feed does, or answers less than 0. */
export const feedOracle = (feed: Address, scale: bigint): Hex =>
  creationCode(
    concatHex([
      concatHex(['0x63', toFunctionSelector('latestAnswer()'), '0x5f52']), // mstore(0, selector)
      concatHex(['0x60205f6004601c73', feed, '0x5afa']), // staticcall(gas, feed, 28, 4, 0, 32)
      '0x15605a57', // failed: jump to 0x5a
      '0x5f5f5112605a57', // mload(0) < 0: jump to 0x5a
      concatHex(['0x7f', numberToHex(scale, { size: 32 }), '0x5f51025f5260205ff3']), // return mload(0) * scale
      '0x5b5f5ffd', // 0x5a: revert(0, 0)
    ]),
  )
