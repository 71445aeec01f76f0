// Protocol state as JSON, lossless: what `toJson` writes for people cannot be read back without knowing which texts are numbers.

/** Bigints are written `n:<decimal>`; strings that begin with a marker are escaped with `s:`, so that no token symbol can pose as a number. */
const replacer = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return `n:${value}`
  return typeof value === 'string' && /^[ns]:/.test(value) ? `s:${value}` : value
}

const reviver = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  if (value.startsWith('n:')) return BigInt(value.slice(2))
  return value.startsWith('s:') ? value.slice(2) : value
}

/** Protocol state as JSON text, lossless for bigints; fields that are undefined are left out. */
export const encodeState = (state: unknown): string => JSON.stringify(state, replacer)

/** The inverse of `encodeState`. Throws `SyntaxError` on what it did not write. */
export const decodeState = (text: string): unknown => JSON.parse(text, reviver)
