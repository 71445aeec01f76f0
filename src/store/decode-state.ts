// Reading state from bytes; `state-tags.ts` tells the format.
import { hexCharacters } from './hex-digits.ts'
import { ADDRESS_BYTES, BIGINT_BYTES_MAX, TAG, WORD_BITS } from './state-tags.ts'
import type { Words } from './words.ts'

let source: Uint8Array = new Uint8Array()
let place = 0
let view: DataView = new DataView(new ArrayBuffer(0))
const addressText = Buffer.from(`0x${'0'.repeat(2 * ADDRESS_BYTES)}`)

const takeByte = (): number => source[place++] as number

const takeVarint = (): number => {
  let value = 0
  let weight = 1
  for (;;) {
    const byte = takeByte()
    if (byte < 128) return value + byte * weight
    value += (byte - 128) * weight
    weight *= 128
  }
}

/** Bytes of an integer that float64 has whatever it is. */
const SMALL_BYTES_MAX = 6

const WORD_BYTES = 8

/** Up to 8 bytes, least significant first, from a place on. */
const wordAt = (start: number, length: number): bigint => {
  if (length === WORD_BYTES) return view.getBigUint64(start, true)
  let value = 0
  for (let at = start + Math.min(length, SMALL_BYTES_MAX) - 1; at >= start; at--)
    value = value * 256 + (source[at] as number)
  if (length <= SMALL_BYTES_MAX) return BigInt(value)
  return BigInt(value) | (BigInt(source[start + SMALL_BYTES_MAX] as number) << BigInt(8 * SMALL_BYTES_MAX))
}

const takeSmallMagnitude = (length: number): bigint => {
  const start = place
  place += length
  const wholeLength = length - (length % WORD_BYTES)
  let value = wordAt(start + wholeLength, length - wholeLength)
  for (let at = start + wholeLength - WORD_BYTES; at >= start; at -= WORD_BYTES)
    value = (value << WORD_BITS) | view.getBigUint64(at, true)
  return value
}

const takeMagnitude = (length: number): bigint => {
  if (length <= BIGINT_BYTES_MAX) return takeSmallMagnitude(length)
  const low = takeSmallMagnitude(BIGINT_BYTES_MAX)
  return low | (takeMagnitude(length - BIGINT_BYTES_MAX) << BigInt(8 * BIGINT_BYTES_MAX))
}

const takeAddress = (): string => {
  for (let digit = 0; digit < 2 * ADDRESS_BYTES; digit++) {
    const byte = source[place + (digit >> 1)] as number
    const value = digit % 2 === 0 ? byte >> 4 : byte & 15
    const mask = source[place + ADDRESS_BYTES + (digit >> 3)] as number
    addressText[2 + digit] = hexCharacters[value + ((mask >> (digit & 7)) & 1) * 16] as number
  }
  place += ADDRESS_BYTES + ADDRESS_BYTES / 4
  return addressText.toString('latin1')
}

const takeBytes = (encoding: 'hex' | 'utf8'): string => {
  const length = takeVarint()
  place += length
  return Buffer.from(source.buffer, source.byteOffset + place - length, length).toString(encoding)
}

const takeInteger = (): number => {
  const value = takeVarint()
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

const takeFloat = (): number => {
  place += 8
  return view.getFloat64(place - 8, true)
}

const takeObject = (words: Words): Record<string, unknown> => {
  const value: Record<string, unknown> = {}
  for (let left = takeVarint(); left > 0; left--) value[words.textOf(takeVarint())] = takeValue(words)
  return value
}

const takeValue = (words: Words): unknown => {
  const tag = takeByte()
  if (tag >= TAG.small) return tag - TAG.small
  if (tag >= TAG.bigint) return takeSmallMagnitude(tag - TAG.bigint)
  switch (tag) {
    case TAG.object:
      return takeObject(words)
    case TAG.array:
      return Array.from({ length: takeVarint() }, () => takeValue(words))
    case TAG.integer:
      return takeInteger()
    case TAG.address:
      return takeAddress()
    case TAG.text:
      return takeBytes('utf8')
    case TAG.hex:
      return `0x${takeBytes('hex')}`
    case TAG.float:
      return takeFloat()
    case TAG.negative:
      return -takeMagnitude(takeVarint())
    case TAG.large:
      return takeMagnitude(takeVarint())
    default:
      return tag === TAG.null ? null : tag === TAG.true
  }
}

/** The value of bytes that `encodeState` gave, with the same dictionary or one that grew from it. */
export const stateFromBytes = (bytes: Uint8Array, words: Words, start = 0): unknown => {
  source = bytes
  place = start
  if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset)
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return takeValue(words)
}
