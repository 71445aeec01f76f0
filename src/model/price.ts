/** Names one price within one deployment; the adapter chooses it. */
export type PriceKey = string

/** What an oracle said at one block. `price` is an integer in units of `scale`: 2000 USD at 8 decimals is 2000 · 1e8, scale 1e8. */
export type PriceReading =
  | {
      readonly kind: 'price'
      readonly key: PriceKey
      readonly price: bigint
      readonly scale: bigint
      readonly updatedAt?: number
      readonly source: string
    }
  | { readonly kind: 'failed'; readonly key: PriceKey; readonly error: string }
