// Units of an adapter: lib/ScaleUtils.sol, BaseAdapter.sol (euler-price-oracle).
import { type Address, isAddressEqual } from 'viem'
import type { Pair, Scale } from './route.ts'

/** Addresses up to here are taken to have 18 decimals without being asked, as are tokens that do not tell. */
const RESERVED_ADDRESS_MAX = 0xffffffffn
export const DECIMALS_UNTOLD = 18

/** BaseAdapter._getDecimals: whether an asset is asked for its decimals at all. */
export const hasDecimals = (asset: Address): boolean => BigInt(asset) > RESERVED_ADDRESS_MAX

/** ScaleUtils.calcScale: a price of `feedDecimals` decimals for one whole base in whole quotes. */
export const scaleOf = (
  baseDecimals: number,
  quoteDecimals: number,
  feedDecimals: number,
  isInverse: boolean,
): Scale => ({
  priceScale: 10n ** BigInt(quoteDecimals),
  feedScale: 10n ** BigInt(feedDecimals + baseDecimals),
  isInverse,
})

/** ScaleUtils.getDirectionOrRevert: whether an adapter of `base` and `quote` is asked the other way round; undefined where it prices neither. */
export const isInverseOf = (asked: Pair, base: Address, quote: Address): boolean | undefined => {
  if (isAddressEqual(asked.base, base) && isAddressEqual(asked.quote, quote)) return false
  return isAddressEqual(asked.base, quote) && isAddressEqual(asked.quote, base) ? true : undefined
}
