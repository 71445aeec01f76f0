// What an ilk is called: its bytes32 as text, where that can stand in a URL.
import { bytesToHex, type Hex, hexToBytes, stringToHex } from 'viem'
import { SYSTEM } from './state.ts'

const ILK_BYTES = 32
const NAME = /^[A-Za-z0-9._~-]+$/

/** ETH-A for its bytes32; the bytes in hex where they are no such text. */
export const ilkNameOf = (ilk: Hex): string => {
  const bytes = hexToBytes(ilk)
  const end = bytes.indexOf(0)
  const isPadded = end < 0 || bytes.subarray(end).every((byte) => byte === 0)
  const text = String.fromCharCode(...bytes.subarray(0, end < 0 ? ILK_BYTES : end))
  const isName = isPadded && NAME.test(text) && text !== SYSTEM
  return isName ? text : bytesToHex(bytes)
}

/** The bytes32 of what `ilkNameOf` gave. */
export const ilkOf = (name: string): Hex =>
  /^0x[0-9a-f]{64}$/.test(name) ? (name as Hex) : stringToHex(name, { size: ILK_BYTES })
