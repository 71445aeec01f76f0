import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'

/** Everything that is read, one thing a key. Spokes go by name, hubs by address; addresses are checksummed. */
export const keys = {
  /** What a spoke is: its kind, its oracle, how many reserves it has, how it liquidates. */
  spoke: (name: string): Key => `spoke:${name}`,
  reserve: (name: string, id: number): Key => `reserve:${name}:${id}`,
  /** One dynamic configuration of a reserve. */
  config: (name: string, id: number, key: number): Key => `config:${name}:${id}:${key}`,
  /** The spoke's own account of a reserve at its hub. */
  spokeData: (name: string, id: number): Key => `spoke-data:${name}:${id}`,
  price: (name: string, id: number): Key => `price:${name}:${id}`,
  hub: (hub: Address): Key => `hub:${hub}`,
  asset: (hub: Address, assetId: number): Key => `asset:${hub}:${assetId}`,
  symbol: (hub: Address, assetId: number): Key => `symbol:${hub}:${assetId}`,
  account: (name: string, account: Address): Key => `account:${name}:${account}`,
  /** All that an account has in a spoke, once it is known to have a loan there. */
  loan: (name: string, account: Address): Key => `loan:${name}:${account}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'spoke'; readonly name: string }
  | { readonly kind: 'reserve' | 'spoke-data' | 'price'; readonly name: string; readonly id: number }
  | { readonly kind: 'config'; readonly name: string; readonly id: number; readonly key: number }
  | { readonly kind: 'hub'; readonly hub: Address }
  | { readonly kind: 'asset' | 'symbol'; readonly hub: Address; readonly assetId: number }
  | { readonly kind: 'account' | 'loan'; readonly name: string; readonly account: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (text: Key): ParsedKey => {
  const [kind, first = '', second = '', third = ''] = text.split(':')
  switch (kind) {
    case 'spoke':
      return { kind, name: first }
    case 'reserve':
    case 'spoke-data':
    case 'price':
      return { kind, name: first, id: Number(second) }
    case 'config':
      return { kind, name: first, id: Number(second), key: Number(third) }
    case 'hub':
      return { kind, hub: getAddress(first) }
    case 'asset':
    case 'symbol':
      return { kind, hub: getAddress(first), assetId: Number(second) }
    case 'account':
    case 'loan':
      return { kind, name: first, account: getAddress(second) }
    default:
      throw new UnknownKeyError('Aave v4', text)
  }
}
