import type { Address } from 'viem'

/**
 * What everybody in a market has of one asset together, interest accrued to the block, in units of the asset. `supplied` is what is
 * lent or put up as collateral. `utilization`: how much of what can be borrowed is, as the market's own rates count it; a
 * wad, cut, that may exceed 1. Null where the contracts keep no such sum, or have no such notion.
 */
export type AssetTotals = {
  readonly asset: Address
  readonly symbol: string
  readonly decimals: number
  readonly supplied: bigint | null
  readonly borrowed: bigint | null
  readonly utilization: bigint | null
}
