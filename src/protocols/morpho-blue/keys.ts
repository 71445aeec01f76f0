import type { Address, Hex } from 'viem'
import type { Key } from '../adapter.ts'
import { checksummed } from '../checksum.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { type Id, priceKeyOf } from './state.ts'

/** Everything that is read of a Morpho singleton, one thing a key. Addresses are checksummed, ids in lower case. */
export const keys = {
  /** Whether a market exists, and its parameters. */
  params: (id: Id): Key => `params:${id}`,
  /** Totals and rate model, and once the tokens and the oracle's wiring. */
  market: (id: Id): Key => `market:${id}`,
  /** The borrow rate of a market whose model only its contract can compute. */
  rate: (id: Id): Key => `rate:${id}`,
  price: priceKeyOf,
  position: (id: Id, account: Address): Key => `position:${id}:${account}`,
  /** In which markets an account has a loan. */
  account: (account: Address): Key => `account:${account}`,
  preLiquidation: (id: Id, contract: Address): Key => `pre-liquidation:${id}:${contract}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'params'; readonly id: Id }
  | { readonly kind: 'market'; readonly id: Id }
  | { readonly kind: 'rate'; readonly id: Id }
  | { readonly kind: 'price'; readonly address: Address }
  | { readonly kind: 'account'; readonly address: Address }
  | { readonly kind: 'position'; readonly id: Id; readonly address: Address }
  | { readonly kind: 'pre-liquidation'; readonly id: Id; readonly address: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, first = '', second = ''] = key.split(':')
  switch (kind) {
    case 'params':
    case 'market':
    case 'rate':
      return { kind, id: first as Hex }
    case 'price':
    case 'account':
      return { kind, address: checksummed(first) }
    case 'position':
    case 'pre-liquidation':
      return { kind, id: first as Hex, address: checksummed(second) }
    default:
      throw new UnknownKeyError('Morpho Blue', key)
  }
}
