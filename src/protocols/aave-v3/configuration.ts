import { type Bps, bps } from '../../units/brands.ts'
import { remembered } from '../../units/remembered.ts'

const bits = (bitmap: bigint, from: bigint, width: bigint): bigint => (bitmap >> from) & ((1n << width) - 1n)

/** A reserve's configuration bitmap. Layout: DataTypes.ReserveConfigurationMap, 3.0 to 3.7. */
export type ReserveConfiguration = {
  readonly ltv: Bps
  readonly liquidationThreshold: Bps
  readonly liquidationBonus: Bps
  readonly decimals: number
  readonly isActive: boolean
  readonly isFrozen: boolean
  readonly isBorrowingEnabled: boolean
  readonly isStableBorrowingEnabled: boolean
  readonly isPaused: boolean
  /** Isolated collateral may back a debt in it, until 3.6. */
  readonly isBorrowableInIsolation: boolean
  /** A debt in it stands alone, until 3.6. */
  readonly isSiloed: boolean
  readonly reserveFactor: Bps
  /** In whole units of the asset; 0 is none. */
  readonly borrowCap: bigint
  readonly supplyCap: bigint
  readonly liquidationProtocolFee: Bps
  /** The reserve's one category, until 3.1. */
  readonly eMode: number
  /** Isolated collateral has one, until 3.6. */
  readonly debtCeiling: bigint
  /** Whether the pool accounts for the underlying, 3.1 to 3.3: not where the asset is minted on borrowing. */
  readonly isVirtualAccountingActive: boolean
}

const decode = (bitmap: bigint): ReserveConfiguration => ({
  ltv: bps(bits(bitmap, 0n, 16n)),
  liquidationThreshold: bps(bits(bitmap, 16n, 16n)),
  liquidationBonus: bps(bits(bitmap, 32n, 16n)),
  decimals: Number(bits(bitmap, 48n, 8n)),
  isActive: bits(bitmap, 56n, 1n) === 1n,
  isFrozen: bits(bitmap, 57n, 1n) === 1n,
  isBorrowingEnabled: bits(bitmap, 58n, 1n) === 1n,
  isStableBorrowingEnabled: bits(bitmap, 59n, 1n) === 1n,
  isPaused: bits(bitmap, 60n, 1n) === 1n,
  isBorrowableInIsolation: bits(bitmap, 61n, 1n) === 1n,
  isSiloed: bits(bitmap, 62n, 1n) === 1n,
  reserveFactor: bps(bits(bitmap, 64n, 16n)),
  borrowCap: bits(bitmap, 80n, 36n),
  supplyCap: bits(bitmap, 116n, 36n),
  liquidationProtocolFee: bps(bits(bitmap, 152n, 16n)),
  eMode: Number(bits(bitmap, 168n, 8n)),
  debtCeiling: bits(bitmap, 212n, 40n),
  isVirtualAccountingActive: bits(bitmap, 252n, 1n) === 1n,
})

const DECODED_MAX = 2_048

/** Decodes the bitmap that `getReserveData(asset).configuration` holds; each bitmap once, since every position asks. */
export const decodeConfiguration = remembered(decode, DECODED_MAX)

/** The bits of a 256 bit word by their places, and pairs of them by reserve id. */
const singles = Array.from({ length: 256 }, (_, place) => 1n << BigInt(place))
const pairs = Array.from({ length: 128 }, (_, reserveId) => 3n << BigInt(reserveId * 2))

const bit = (place: number): bigint => singles[place] ?? 1n << BigInt(place)

const isSet = (bitmap: bigint, place: number): boolean => (bitmap & bit(place)) !== 0n

/** Both bits of a reserve in a user configuration. */
export const bitsOf = (reserveId: number): bigint => pairs[reserveId] ?? 3n << BigInt(reserveId * 2)

export const isBorrowing = (userConfiguration: bigint, reserveId: number): boolean =>
  isSet(userConfiguration, reserveId * 2)

export const isUsingAsCollateral = (userConfiguration: bigint, reserveId: number): boolean =>
  isSet(userConfiguration, reserveId * 2 + 1)

export const isUsing = (userConfiguration: bigint, reserveId: number): boolean =>
  (userConfiguration & bitsOf(reserveId)) !== 0n

const BORROWING_MASK = BigInt(`0x${'5'.repeat(64)}`)

/** Whether any borrow bit is set. */
export const isBorrowingAny = (userConfiguration: bigint): boolean =>
  (userConfiguration & BORROWING_MASK) !== 0n

/** A user configuration with one reserve's borrow bit set or cleared. */
export const withBorrowing = (userConfiguration: bigint, reserveId: number, isOn: boolean): bigint =>
  withBit(userConfiguration, reserveId * 2, isOn)

/** A user configuration with one reserve's collateral bit set or cleared. */
export const withCollateral = (userConfiguration: bigint, reserveId: number, isOn: boolean): bigint =>
  withBit(userConfiguration, reserveId * 2 + 1, isOn)

const withBit = (bitmap: bigint, place: number, isOn: boolean): bigint =>
  isOn ? bitmap | bit(place) : bitmap & ~bit(place)

/** Whether an e-mode bitmap names a reserve. */
export const isInBitmap = (bitmap: bigint, reserveId: number): boolean => isSet(bitmap, reserveId)
