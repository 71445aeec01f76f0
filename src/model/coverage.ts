import type { Address } from 'viem'

/** Proof of completeness for one asset: debt of all tracked positions against the market's own total, in units of the asset. */
export type Coverage = {
  readonly market: string
  readonly asset: Address
  readonly symbol: string
  readonly decimals: number
  readonly trackedDebt: bigint
  readonly totalDebt: bigint
  readonly ppm: number
}
