import type { Address } from 'viem'
import type { Quote } from './market.ts'
import type { PriceKey } from './price.ts'

/**
 * What a price is of: one whole `asset` in `quote`. `source` is the contract that tells this price alone; null where an
 * oracle answers for many assets by their names. Several assets may have one price: then there is a feed for each.
 * `isRate`: what a share of something is worth in it, which no market makes.
 */
export type Feed = {
  readonly key: PriceKey
  readonly asset: Address
  readonly symbol: string
  readonly quote: Quote
  readonly source: Address | null
  readonly isRate?: true
}

/** A feed that a price rests on, multiplied or, where `isInverse`, divided by it; and what it says of itself, such as `ETH / USD`. */
export type Leaf = {
  readonly feed: Address
  readonly isInverse: boolean
  readonly description: string | null
}
