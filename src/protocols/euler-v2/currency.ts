// Units of account that are no tokens.
import type { Address } from 'viem'
import type { Quote } from '../../model/market.ts'

/** Addresses up to here are currencies by their ISO 4217 number, with 18 decimals (BaseAdapter). */
const RESERVED_ADDRESS_MAX = 0xffffffffn
const USD = 840n
export const CURRENCY_DECIMALS = 18

/** A currency's quote; undefined where the address is a token's. */
export const currencyOf = (address: Address): Quote | undefined => {
  const number = BigInt(address)
  if (number > RESERVED_ADDRESS_MAX) return undefined
  return { symbol: number === USD ? 'USD' : `ISO ${number}`, decimals: CURRENCY_DECIMALS }
}
