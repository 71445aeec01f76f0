import type { Address, Hash } from 'viem'
import type { Market, Position } from './market.ts'

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

/** An amount never travels without its asset. `value` in the market's quote, by the oracle at the block. */
export type AssetAmount = {
  readonly asset: Address
  readonly symbol: string
  readonly decimals: number
  readonly amount: bigint
  readonly value: bigint
}

/**
 * One liquidation as its contract takes it. `method` is the adapter's name for the contract function; adapters add what
 * their function needs besides. `repay` is in units of the debt asset; left out, it is the most that the contract takes.
 */
export type LiquidationRequest = {
  readonly method: string
  readonly debtAsset: Address
  readonly collateralAsset: Address
  readonly repay?: bigint
}

/**
 * One way in which a position can be liquidated in this block. `request` takes the most that the contract accepts, and
 * names that amount: `repayMax`, in units of the debt asset. `incentiveFactor` is seized value per repaid value, a wad.
 * `payer` is who repays the debt: the liquidator, the protocol out of its own reserves or pools, or the buyers of an auction.
 */
export type LiquidationTerms<R extends LiquidationRequest = LiquidationRequest> = {
  readonly request: R
  readonly repayMax: bigint
  readonly incentiveFactor: bigint
  readonly payer: 'liquidator' | 'protocol' | 'auction'
}

/**
 * What a liquidation moves. `seized` is what is taken from the borrower besides `protocolFee`; `badDebt` is what nobody
 * repays; `reward` is what the caller gets for calling, where the seized collateral goes to others; `surplus` is what the
 * borrower can claim back.
 */
export type LiquidationOutcome<M extends Market = Market, P extends Position = Position> = {
  readonly kind: 'liquidated'
  readonly repaid: AssetAmount
  readonly seized: readonly AssetAmount[]
  readonly protocolFee: readonly AssetAmount[]
  readonly badDebt: readonly AssetAmount[]
  readonly reward?: readonly AssetAmount[]
  readonly surplus?: readonly AssetAmount[]
  readonly after: After<M, P>
}

/** The state behind something; a position that is gone is undefined. `markets` are others that changed, by name: a hub. */
export type After<M extends Market = Market, P extends Position = Position> = {
  readonly market: M
  readonly position: P | undefined
  readonly markets?: ReadonlyMap<string, M>
}

/** The contract refuses: `revert` is its own error, `Panic(0x11)` for arithmetic; `args` are the values that the error carries, if any. */
export type Blocked = { readonly kind: 'blocked'; readonly revert: string; readonly args?: readonly bigint[] }

/** What an account does with its own loan. `amount` in units of the asset; 2^256 − 1 means everything, where the contract takes it so. */
export type Action = {
  readonly kind: 'supply' | 'withdraw' | 'borrow' | 'repay'
  readonly asset: Address
  readonly amount: bigint
}

/** The state after an action. */
export type Acted<M extends Market = Market, P extends Position = Position> = {
  readonly kind: 'acted'
  readonly after: After<M, P>
}
