import type { Address } from 'viem'
import type { AssetAmount } from './liquidation.ts'

/** What a redemption takes from one position: debt repaid by others, for collateral at the oracle's price less the fee. */
export type RedeemedPosition = {
  readonly position: string
  readonly owner: Address
  readonly debt: AssetAmount
  readonly collateral: AssetAmount
  /** What the position keeps of the fee. */
  readonly fee: AssetAmount
  readonly isClosed: boolean
}

/** What redeeming an amount in this block would do: which positions it takes from, in order, and what the redeemer gets. */
export type Redemption = {
  readonly kind: 'redeemed'
  readonly redeemed: AssetAmount
  readonly received: readonly AssetAmount[]
  readonly feeRate: bigint
  readonly positions: readonly RedeemedPosition[]
}
