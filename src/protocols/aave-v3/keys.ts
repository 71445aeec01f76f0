import type { Address } from 'viem'
import type { Key } from '../adapter.ts'
import { checksummed } from '../checksum.ts'
import { UnknownKeyError } from '../unknown-key.ts'

/** Everything that is read of a pool, one thing a key. Addresses are checksummed. */
export const keys = {
  wiring: 'wiring',
  revision: 'revision',
  base: 'base',
  sentinel: 'sentinel',
  reserves: 'reserves',
  reserve: (asset: Address): Key => `reserve:${asset}`,
  totals: (asset: Address): Key => `totals:${asset}`,
  eMode: (id: number): Key => `eMode:${id}`,
  price: (asset: Address): Key => `price:${asset}`,
  account: (account: Address): Key => `account:${account}`,
  leg: (account: Address, asset: Address): Key => `leg:${account}:${asset}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'wiring' | 'revision' | 'base' | 'sentinel' | 'reserves' }
  | { readonly kind: 'reserve' | 'totals' | 'price'; readonly asset: Address }
  | { readonly kind: 'eMode'; readonly id: number }
  | { readonly kind: 'account'; readonly account: Address }
  | { readonly kind: 'leg'; readonly account: Address; readonly asset: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, first = '', second = ''] = key.split(':')
  switch (kind) {
    case 'wiring':
    case 'revision':
    case 'base':
    case 'sentinel':
    case 'reserves':
      return { kind }
    case 'reserve':
    case 'totals':
    case 'price':
      return { kind, asset: checksummed(first) }
    case 'eMode':
      return { kind, id: Number(first) }
    case 'account':
      return { kind, account: checksummed(first) }
    case 'leg':
      return { kind, account: checksummed(first), asset: checksummed(second) }
    default:
      throw new UnknownKeyError('Aave v3', key)
  }
}
