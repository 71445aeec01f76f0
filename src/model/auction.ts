import type { Address } from 'viem'
import type { AssetAmount } from './liquidation.ts'
import type { Market } from './market.ts'

/**
 * A running sale of seized collateral. `lot` is what is left to buy, `debt` what is left to raise, `price` what one unit
 * of the lot costs in this block, in units of `priceScale` of the debt asset; `oraclePrice` what it is worth, likewise.
 */
export type Auction = {
  readonly id: string
  readonly market: string
  /** Who gets what remains of the lot. */
  readonly owner: Address
  readonly lot: AssetAmount
  readonly debt: AssetAmount
  readonly price: bigint
  readonly oraclePrice: bigint | null
  readonly priceScale: bigint
  /** `restartable`: it has run out, and anybody may start it again; `stopped`: neither buying nor restarting is possible. */
  readonly status: 'running' | 'restartable' | 'stopped'
  readonly startedAt: number
  /** When it runs out, seconds. */
  readonly endsAt: number
}

/** What could not be found out: one auction, or, where `auction` is null, all that a market may have. */
export type UnknownAuction = { readonly auction: string | null; readonly detail: string }

export type AuctionList = {
  readonly auctions: readonly Auction[]
  readonly unknown: readonly UnknownAuction[]
}

/** Buying from an auction: at most `amount` of the lot (left out: all of it), at a price of at most `priceMax` (left out: any). */
export type Bid = { readonly auction: string; readonly amount?: bigint; readonly priceMax?: bigint }

/** What a bid buys (its value by the oracle, where that answers) and pays, and what it leaves behind; an auction that is over is undefined. */
export type Sale<M extends Market = Market> = {
  readonly kind: 'sold'
  readonly bought: AssetAmount
  readonly paid: AssetAmount
  /** Collateral that goes back to the auction's owner. */
  readonly returned: AssetAmount
  readonly after: {
    readonly market: M
    readonly markets?: ReadonlyMap<string, M>
    readonly auction: Auction | undefined
  }
}

/** An auction started again, and what the caller gets for it. */
export type Restart<M extends Market = Market> = {
  readonly kind: 'restarted'
  readonly reward: readonly AssetAmount[]
  readonly after: { readonly market: M; readonly markets?: ReadonlyMap<string, M>; readonly auction: Auction }
}
