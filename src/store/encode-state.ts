// Writing state as bytes; `state-tags.ts` tells the format.
import { hexValues } from './hex-digits.ts'
import { ADDRESS_BYTES, ADDRESS_LENGTH, BIGINT_BYTES_MAX, TAG, WORD_BITS } from './state-tags.ts'
import type { Words } from './words.ts'

const SMALL_MAX = 127

let buffer = Buffer.allocUnsafe(2 ** 16)
let place = 0

const reserve = (length: number): void => {
  if (place + length <= buffer.length) return
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, place + length))
  buffer.copy(larger, 0, 0, place)
  buffer = larger
}

const putByte = (byte: number): void => {
  reserve(1)
  buffer[place++] = byte
}

const putVarint = (value: number): void => {
  let rest = value
  while (rest >= 128) {
    putByte((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  putByte(rest)
}

/** Bytes of a bigint that is not negative, least significant first, without leading zeros; answers how many. */
const putMagnitude = (value: bigint): number => {
  const start = place
  for (let rest = value; rest > 0n; rest >>= WORD_BITS) {
    reserve(8)
    buffer.writeBigUInt64LE(BigInt.asUintN(64, rest), place)
    place += 8
  }
  while (place > start && buffer[place - 1] === 0) place -= 1
  return place - start
}

const putBigint = (value: bigint): void => {
  const start = place
  putByte(TAG.bigint)
  const length = putMagnitude(value < 0n ? -value : value)
  if (value >= 0n && length <= BIGINT_BYTES_MAX) {
    buffer[start] = TAG.bigint + length
    return
  }
  const bytes = Buffer.from(buffer.subarray(start + 1, place))
  place = start
  putByte(value < 0n ? TAG.negative : TAG.large)
  putVarint(length)
  reserve(length)
  bytes.copy(buffer, place)
  place += length
}

const putNumber = (value: number): void => {
  if (Number.isInteger(value) && value >= 0 && value <= SMALL_MAX && !Object.is(value, -0))
    putByte(TAG.small + value)
  else if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 51 && !Object.is(value, -0)) {
    putByte(TAG.integer)
    putVarint(value >= 0 ? value * 2 : -value * 2 - 1)
  } else {
    putByte(TAG.float)
    reserve(8)
    place = buffer.writeDoubleLE(value, place)
  }
}

/** True where the text was an address and is written. */
const putAddress = (text: string): boolean => {
  if (text.length !== ADDRESS_LENGTH || !text.startsWith('0x')) return false
  const start = place
  reserve(1 + ADDRESS_BYTES + ADDRESS_BYTES / 4)
  buffer[place++] = TAG.address
  buffer.fill(0, place + ADDRESS_BYTES, place + ADDRESS_BYTES + ADDRESS_BYTES / 4)
  for (let digit = 0; digit < 2 * ADDRESS_BYTES; digit++) {
    const code = text.charCodeAt(2 + digit)
    const value = hexValues[code] ?? -1
    if (value < 0) {
      place = start
      return false
    }
    const at = place + (digit >> 1)
    buffer[at] = digit % 2 === 0 ? value << 4 : (buffer[at] as number) | value
    const isCapital = code >= 65 && code <= 70
    if (isCapital) {
      const maskAt = place + ADDRESS_BYTES + (digit >> 3)
      buffer[maskAt] = (buffer[maskAt] as number) | (1 << (digit & 7))
    }
  }
  place += ADDRESS_BYTES + ADDRESS_BYTES / 4
  return true
}

const SMALL_HEX = /^0x(?:[0-9a-f]{2})*$/

const putText = (text: string): void => {
  if (putAddress(text)) return
  if (SMALL_HEX.test(text)) {
    putByte(TAG.hex)
    const length = (text.length - 2) / 2
    putVarint(length)
    reserve(length)
    place += buffer.write(text.slice(2), place, 'hex')
    return
  }
  putByte(TAG.text)
  const length = Buffer.byteLength(text)
  putVarint(length)
  reserve(length)
  place += buffer.write(text, place)
}

const putObject = (value: object, words: Words): void => {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  putByte(TAG.object)
  putVarint(entries.length)
  for (const [name, field] of entries) {
    putVarint(words.numberOf(name))
    putValue(field, words)
  }
}

const putValue = (value: unknown, words: Words): void => {
  if (typeof value === 'bigint') putBigint(value)
  else if (typeof value === 'number') putNumber(value)
  else if (typeof value === 'string') putText(value)
  else if (value === null) putByte(TAG.null)
  else if (typeof value === 'boolean') putByte(value ? TAG.true : TAG.false)
  else if (Array.isArray(value)) {
    putByte(TAG.array)
    putVarint(value.length)
    for (const item of value) putValue(item, words)
  } else if (typeof value === 'object') putObject(value, words)
  else throw new TypeError(`a ${typeof value} cannot be stored`)
}

/** The bytes of a value; fields that are undefined are left out. They belong to the dictionary. */
export const stateToBytes = (value: unknown, words: Words): Buffer => {
  place = 0
  putValue(value, words)
  return Buffer.from(buffer.subarray(0, place))
}
