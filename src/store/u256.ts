import { customType } from 'drizzle-orm/sqlite-core'

/**
 * A uint256 as bytes whose order is the order of the numbers: one length byte, then the big-endian bytes without
 * leading zeros. 0 takes one byte, 2^256 − 1 takes 33.
 */
export const encodeU256 = (value: bigint): Buffer => {
  if (value < 0n || value >= 2n ** 256n) throw new RangeError(`${value} is no uint256`)
  if (value === 0n) return Buffer.of(0)
  const hex = value.toString(16)
  const length = Math.ceil(hex.length / 2)
  return Buffer.from(length.toString(16).padStart(2, '0') + hex.padStart(length * 2, '0'), 'hex')
}

/** The inverse of `encodeU256`. */
export const decodeU256 = (bytes: Buffer): bigint =>
  bytes.length <= 1 ? 0n : BigInt(`0x${bytes.subarray(1).toString('hex')}`)

/** The same of bytes that SQLite's `hex()` wrote. */
export const u256OfHex = (hex: string): bigint => (hex.length <= 2 ? 0n : BigInt(`0x${hex.slice(2)}`))

/** The one column type of exact big integers. A prepared statement hands a NULL through here too, which stays one. */
export const u256 = customType<{ data: bigint; driverData: Buffer | null }>({
  dataType: () => 'blob',
  toDriver: (value: bigint | null) => (value === null ? null : encodeU256(value)),
  fromDriver: (bytes) => decodeU256(bytes ?? Buffer.of()),
})
