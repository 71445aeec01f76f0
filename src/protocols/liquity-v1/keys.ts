import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'

/** Everything that is read of a system, one thing a key. Addresses are checksummed. */
export const keys = {
  /** Where the other contracts are. */
  wiring: 'wiring',
  /** Which code they run, the debt token's symbol, and since when. */
  traits: 'traits',
  /** Constants; where they are governed they move without a log. */
  parameters: 'parameters',
  /** The books of the system. */
  system: 'system',
  price: 'price',
  trove: (owner: Address): Key => `trove:${owner}`,
} as const

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'wiring' | 'traits' | 'parameters' | 'system' | 'price' }
  | { readonly kind: 'trove'; readonly owner: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, owner = ''] = key.split(':')
  switch (kind) {
    case 'wiring':
    case 'traits':
    case 'parameters':
    case 'system':
    case 'price':
      return { kind }
    case 'trove':
      return { kind, owner: getAddress(owner) }
    default:
      throw new UnknownKeyError('Liquity v1', key)
  }
}
