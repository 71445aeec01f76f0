import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { priceKeyOf } from './state.ts'

/** Everything that is read of a comptroller, one thing a key. Addresses are checksummed. */
export const keys = {
  /** Oracle, factors, flags and the list of markets. */
  comptroller: 'comptroller',
  /** Everything of one cToken. */
  token: (cToken: Address): Key => `token:${cToken}`,
  /** Its cash alone, which moves without a log when somebody sends the underlying. */
  cash: (cToken: Address): Key => `cash:${cToken}`,
  price: priceKeyOf,
  /** What an account entered, holds and owes. */
  account: (account: Address): Key => `account:${account}`,
  /** How many tokens it holds of one market. */
  tokens: (account: Address, cToken: Address): Key => `tokens:${account}:${cToken}`,
  /** What it owes in one market. */
  borrow: (account: Address, cToken: Address): Key => `borrow:${account}:${cToken}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'comptroller' }
  | { readonly kind: 'token' | 'cash' | 'price'; readonly cToken: Address }
  | { readonly kind: 'account'; readonly account: Address }
  | { readonly kind: 'tokens' | 'borrow'; readonly account: Address; readonly cToken: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, first = '', second = ''] = key.split(':')
  switch (kind) {
    case 'comptroller':
      return { kind }
    case 'token':
    case 'cash':
    case 'price':
      return { kind, cToken: getAddress(first) }
    case 'account':
      return { kind, account: getAddress(first) }
    case 'tokens':
    case 'borrow':
      return { kind, account: getAddress(first), cToken: getAddress(second) }
    default:
      throw new UnknownKeyError('Compound v2', key)
  }
}
