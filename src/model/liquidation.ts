import type { Address, Hash } from 'viem'

/** A liquidation that happened on chain. Amounts are in units of their assets; `seized` is what the liquidator received. */
export type Liquidation = {
  readonly position: string
  readonly owner: Address
  readonly blockNumber: bigint
  readonly blockHash: Hash
  readonly transactionHash: Hash
  readonly logIndex: number
  readonly liquidator: Address
  readonly debtAsset: Address
  readonly repaid: bigint
  readonly collateralAsset: Address
  readonly seized: bigint
}
