import { customType } from 'drizzle-orm/sqlite-core'

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

/** Protocol state as JSON text, lossless for bigints. */
export const encodeState = (state: unknown): string => JSON.stringify(state, replacer)

/** The inverse of `encodeState`. */
export const decodeState = (text: string): unknown => JSON.parse(text, reviver)

/** A column of protocol state; the adapter that wrote it knows its type. */
export const stateJson = <T>() =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: encodeState,
    fromDriver: (text) => decodeState(text) as T,
  })
