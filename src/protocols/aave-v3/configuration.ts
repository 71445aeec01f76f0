import { type Bps, bps } from '../../units/brands.ts'

const bits = (bitmap: bigint, from: bigint, width: bigint): bigint => (bitmap >> from) & ((1n << width) - 1n)

/** What assessment needs of a reserve's configuration bitmap. Layout: DataTypes.ReserveConfigurationMap, 3.0. */
export type ReserveConfiguration = {
  readonly ltv: Bps
  readonly liquidationThreshold: Bps
  readonly decimals: number
  readonly isActive: boolean
  readonly isFrozen: boolean
  readonly isStableBorrowingEnabled: boolean
  readonly isPaused: boolean
  readonly eMode: number
}

const decode = (bitmap: bigint): ReserveConfiguration => ({
  ltv: bps(bits(bitmap, 0n, 16n)),
  liquidationThreshold: bps(bits(bitmap, 16n, 16n)),
  decimals: Number(bits(bitmap, 48n, 8n)),
  isActive: bits(bitmap, 56n, 1n) === 1n,
  isFrozen: bits(bitmap, 57n, 1n) === 1n,
  isStableBorrowingEnabled: bits(bitmap, 59n, 1n) === 1n,
  isPaused: bits(bitmap, 60n, 1n) === 1n,
  eMode: Number(bits(bitmap, 168n, 8n)),
})

const decoded = new Map<bigint, ReserveConfiguration>()
const DECODED_MAX = 4_096

/** Decodes the bitmap that `getReserveData(asset).configuration` holds; each bitmap once, since every position asks. */
export const decodeConfiguration = (bitmap: bigint): ReserveConfiguration => {
  const known = decoded.get(bitmap)
  if (known) return known
  if (decoded.size >= DECODED_MAX) decoded.clear()
  const configuration = decode(bitmap)
  decoded.set(bitmap, configuration)
  return configuration
}

/** Both bits of a reserve in a user configuration. */
export const bitsOf = (reserveId: number): bigint => 3n << BigInt(reserveId * 2)

export const isBorrowing = (userConfiguration: bigint, reserveId: number): boolean =>
  bits(userConfiguration, BigInt(reserveId) * 2n, 1n) === 1n

export const isUsingAsCollateral = (userConfiguration: bigint, reserveId: number): boolean =>
  bits(userConfiguration, BigInt(reserveId) * 2n + 1n, 1n) === 1n

export const isUsing = (userConfiguration: bigint, reserveId: number): boolean =>
  bits(userConfiguration, BigInt(reserveId) * 2n, 2n) !== 0n
