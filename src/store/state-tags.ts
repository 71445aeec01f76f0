// Protocol state as bytes: lossless for what JSON knows and for bigints, compact, quick to read. A value is a tag and what
// belongs to it; names of fields are numbers of a dictionary.

/** What a value begins with. */
export const TAG = {
  null: 0,
  true: 1,
  false: 2,
  /** Zigzag varint of a safe integer. */
  integer: 3,
  float: 4,
  /** Varint of the UTF-8 length, then the bytes. */
  text: 5,
  /** 20 bytes, then 5 of one bit a digit: whether it is a capital. */
  address: 6,
  /** Varint of the length of an even number of small hex digits, then their bytes. */
  hex: 7,
  array: 8,
  object: 9,
  /** Varint of the length, then the bytes, least significant first. */
  negative: 10,
  large: 11,
  /** Plus the length, 0 to 32, of a bigint that is not negative; then the bytes, least significant first. */
  bigint: 16,
  /** Plus the integer, 0 to 127. */
  small: 128,
} as const

/** The longest bigint, in bytes, whose length fits its tag. */
export const BIGINT_BYTES_MAX = 32

export const ADDRESS_BYTES = 20

/** Characters of an address in hex. */
export const ADDRESS_LENGTH = 42

/** Bits of what bigints are taken apart into. */
export const WORD_BITS = 64n
