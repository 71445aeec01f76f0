import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import { priceKeyOf } from './state.ts'

/** Everything that is read of a comptroller, one thing a key. Addresses are checksummed. */
export const keys = {
  /** Oracles, factors, flags, the list of markets and the contracts beside. */
  comptroller: 'comptroller',
  /** Everything of one vToken. */
  vToken: (vToken: Address): Key => `v-token:${vToken}`,
  /** Its totals alone, and its rate where only its model can tell that. */
  totals: (vToken: Address): Key => `totals:${vToken}`,
  /** Its cash alone, which moves without a log where somebody sends the underlying. */
  cash: (vToken: Address): Key => `cash:${vToken}`,
  price: priceKeyOf,
  /** Both prices of a vToken by the bounded oracle. */
  boundedPrices: (vToken: Address): Key => `bounded-prices:${vToken}`,
  pool: (poolId: string): Key => `pool:${poolId}`,
  /** VAI's rates and index, which moves without a log. */
  vai: 'vai',
  liquidatorContract: 'liquidator-contract',
  /** What an account entered, its pool, its VAI, and what the liquidator contract has against it. */
  account: (account: Address): Key => `account:${account}`,
  /** What it holds of one market, and whether its debt there may be liquidated by force. */
  tokens: (account: Address, vToken: Address): Key => `tokens:${account}:${vToken}`,
  /** What it owes in one market. */
  borrow: (account: Address, vToken: Address): Key => `borrow:${account}:${vToken}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'comptroller' | 'vai' | 'liquidator-contract' }
  | { readonly kind: 'v-token' | 'totals' | 'cash' | 'price' | 'bounded-prices'; readonly address: Address }
  | { readonly kind: 'pool'; readonly poolId: string }
  | { readonly kind: 'account'; readonly account: Address }
  | { readonly kind: 'tokens' | 'borrow'; readonly account: Address; readonly vToken: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, first = '', second = ''] = key.split(':')
  switch (kind) {
    case 'comptroller':
    case 'vai':
    case 'liquidator-contract':
      return { kind }
    case 'v-token':
    case 'totals':
    case 'cash':
    case 'price':
    case 'bounded-prices':
      return { kind, address: getAddress(first) }
    case 'pool':
      return { kind, poolId: first }
    case 'account':
      return { kind, account: getAddress(first) }
    case 'tokens':
    case 'borrow':
      return { kind, account: getAddress(first), vToken: getAddress(second) }
    default:
      throw new UnknownKeyError('Venus core', key)
  }
}
