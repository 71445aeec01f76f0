import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { priceKeyOf } from './state.ts'

/** Everything that is read of a Comet, one thing a key. Addresses are checksummed. */
export const keys = {
  /** What only an upgrade changes. */
  configuration: 'configuration',
  /** In what the prices are quoted. */
  quote: 'quote',
  /** Indices, totals, pauses, and the tokens that the contract holds. */
  totals: 'totals',
  /** The next accounts whose principal may have changed without a log. */
  sweep: 'sweep',
  token: (token: Address): Key => `token:${token}`,
  /** What all accounts have put up of a collateral. */
  collateral: (asset: Address): Key => `collateral:${asset}`,
  price: priceKeyOf,
  account: (account: Address): Key => `account:${account}`,
  /** Collateral balances of an account whose bits are known. */
  holdings: (account: Address): Key => `holdings:${account}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'configuration' | 'quote' | 'totals' | 'sweep' }
  | {
      readonly kind: 'token' | 'collateral' | 'price' | 'account' | 'holdings'
      readonly address: Address
    }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, address = ''] = key.split(':')
  switch (kind) {
    case 'configuration':
    case 'quote':
    case 'totals':
    case 'sweep':
      return { kind }
    case 'token':
    case 'collateral':
    case 'price':
    case 'account':
    case 'holdings':
      return { kind, address: getAddress(address) }
    default:
      throw new UnknownKeyError('Compound III', key)
  }
}
