import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'

/** Everything that is read of Maker, one thing a key. Ilks go by their names; addresses are checksummed. */
export const keys = {
  /** Line, debt, Hole, Dirt, par, base, and what stops them. */
  system: 'system',
  /** Which ilks the registry lists. */
  registry: 'registry',
  /** Rates, limits and modules of an ilk. */
  ilk: (name: string): Key => `ilk:${name}`,
  /** What its collateral is called. */
  gem: (name: string): Key => `gem:${name}`,
  /** How its auctions go, and which are running. */
  clip: (name: string): Key => `clip:${name}`,
  /** The limit of partial purchases, which changes without a log. */
  chost: (name: string): Key => `chost:${name}`,
  sale: (name: string, id: string): Key => `sale:${name}:${id}`,
  /** A price source, and what kind it is. */
  pip: (pip: Address): Key => `pip:${pip}`,
  /** What of a price source may change without a log: a plain one's value, an OSM's delay and its source. */
  quiet: (pip: Address): Key => `quiet:${pip}`,
  urn: (name: string, urn: Address): Key => `urn:${name}:${urn}`,
  /** An urn that is known to be a vault, and whose. */
  vaultUrn: (name: string, urn: Address, vault: bigint, holder: Address): Key =>
    `urn:${name}:${urn}:${vault}:${holder}`,
  /** A vault that a log says to be somebody's: read where its urn is tracked, or named by another log. */
  vault: (vault: bigint, holder: Address): Key => `vault:${vault}:${holder}`,
  /** Where an account's urns are looked for. */
  account: (account: Address): Key => `account:${account}`,
  /** An account's own urns in all ilks that are known. */
  own: (account: Address): Key => `own:${account}`,
  /** Vaults that the manager has under an account's proxy. */
  proxy: (proxy: Address): Key => `proxy:${proxy}`,
  /** The first `count` urns of an account in an engine that serves an ilk. */
  engineUrns: (engine: Address, name: string, account: Address, count: number): Key =>
    `engine-urns:${engine}:${name}:${account}:${count}`,
} as const

/** An urn in a key, with what the key's writer knew of it. */
export type UrnKey = {
  readonly kind: 'urn'
  readonly name: string
  readonly urn: Address
  readonly vault?: bigint
  readonly holder?: Address
}

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: 'system' | 'registry' }
  | { readonly kind: 'ilk' | 'gem' | 'clip' | 'chost'; readonly name: string }
  | { readonly kind: 'sale'; readonly name: string; readonly id: string }
  | UrnKey
  | { readonly kind: 'vault'; readonly vault: bigint; readonly holder: Address }
  | { readonly kind: 'pip' | 'quiet' | 'account' | 'own' | 'proxy'; readonly address: Address }
  | {
      readonly kind: 'engine-urns'
      readonly engine: Address
      readonly name: string
      readonly account: Address
      readonly count: number
    }

const urnKeyOf = ([name = '', urn = '', vault, holder]: readonly string[]): UrnKey => ({
  kind: 'urn',
  name,
  urn: getAddress(urn),
  ...(vault && holder ? { vault: BigInt(vault), holder: getAddress(holder) } : {}),
})

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind, ...parts] = key.split(':')
  const [first = '', second = '', third = '', fourth = ''] = parts
  switch (kind) {
    case 'system':
    case 'registry':
      return { kind }
    case 'ilk':
    case 'gem':
    case 'clip':
    case 'chost':
      return { kind, name: first }
    case 'sale':
      return { kind, name: first, id: second }
    case 'urn':
      return urnKeyOf(parts)
    case 'vault':
      return { kind, vault: BigInt(first), holder: getAddress(second) }
    case 'pip':
    case 'quiet':
    case 'account':
    case 'own':
    case 'proxy':
      return { kind, address: getAddress(first) }
    case 'engine-urns':
      return {
        kind,
        engine: getAddress(first),
        name: second,
        account: getAddress(third),
        count: Number(fourth),
      }
    default:
      throw new UnknownKeyError('Maker', key)
  }
}
