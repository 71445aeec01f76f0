import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'
import type { TroveId } from './state.ts'

/** Everything that is read of a deployment, one thing a key. Branches by name, addresses checksummed, ids in lower case. */
export const keys = {
  /** Which branches there are. */
  registry: 'registry',
  /** What the redemption rate goes by. */
  rate: 'rate',
  /** A branch's contracts and parameters. */
  setup: (branch: string): Key => `setup:${branch}`,
  /** Symbols of its tokens. */
  tokens: (branch: string): Key => `tokens:${branch}`,
  pools: (branch: string): Key => `pools:${branch}`,
  /** What TroveManager keeps to itself. */
  redistribution: (branch: string): Key => `redistribution:${branch}`,
  /** Where the known troves stand in the list. */
  links: (branch: string): Key => `links:${branch}`,
  /** Both prices of a branch's feed. */
  price: (branch: string): Key => `price:${branch}`,
  batch: (branch: string, manager: Address): Key => `batch:${branch}:${manager}`,
  trove: (branch: string, id: TroveId): Key => `trove:${branch}:${id}`,
  /** How many troves an account has in each branch. */
  owner: (account: Address): Key => `owner:${account}`,
  /** All troves of a branch, in search of an account's. */
  search: (branch: string, account: Address): Key => `search:${branch}:${account}`,
  /** Whether a trove is the account's. */
  candidate: (branch: string, id: TroveId, account: Address): Key => `candidate:${branch}:${id}:${account}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'registry' }
  | { readonly kind: 'rate' }
  | { readonly kind: 'setup'; readonly branch: string }
  | {
      readonly kind: 'tokens' | 'pools' | 'redistribution' | 'links' | 'price'
      readonly branch: string
    }
  | { readonly kind: 'batch'; readonly branch: string; readonly manager: Address }
  | { readonly kind: 'trove'; readonly branch: string; readonly id: TroveId }
  | { readonly kind: 'owner'; readonly account: Address }
  | { readonly kind: 'search'; readonly branch: string; readonly account: Address }
  | { readonly kind: 'candidate'; readonly branch: string; readonly id: TroveId; readonly account: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, first = '', second = '', third = ''] = key.split(':')
  switch (kind) {
    case 'registry':
      return { kind }
    case 'rate':
      return { kind }
    case 'setup':
      return { kind, branch: first }
    case 'tokens':
    case 'pools':
    case 'redistribution':
    case 'links':
    case 'price':
      return { kind, branch: first }
    case 'batch':
      return { kind, branch: first, manager: getAddress(second) }
    case 'trove':
      return { kind, branch: first, id: second as TroveId }
    case 'owner':
      return { kind, account: getAddress(first) }
    case 'search':
      return { kind, branch: first, account: getAddress(second) }
    case 'candidate':
      return { kind, branch: first, id: second as TroveId, account: getAddress(third) }
    default:
      throw new UnknownKeyError('Liquity v2', key)
  }
}
