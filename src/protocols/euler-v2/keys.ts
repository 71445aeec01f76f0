import { type Address, getAddress } from 'viem'
import type { Key } from '../adapter.ts'
import { UnknownKeyError } from '../unknown-key.ts'

/** Everything that is read of a deployment, one thing a key. Addresses are checksummed. */
export const keys = {
  /** Which sub-accounts of an owner have a controller. */
  account: (owner: Address): Key => `account:${owner}`,
  position: (controller: Address, account: Address): Key => `position:${controller}:${account}`,
  /** What a vault is, and what its governor set. */
  config: (vault: Address): Key => `config:${vault}`,
  /** Names of a vault's asset and of its unit of account. */
  tokens: (vault: Address): Key => `tokens:${vault}`,
  /** Parameters of its interest rate model. */
  rates: (vault: Address): Key => `rates:${vault}`,
  /** Its words: cash, debts, shares, interest. */
  status: (vault: Address): Key => `status:${vault}`,
  /** What it takes as collateral. */
  ltvs: (vault: Address): Key => `ltvs:${vault}`,
  /** How its oracle quotes asset and collaterals. */
  routes: (vault: Address): Key => `routes:${vault}`,
  /** The answer of a Chainlink feed. */
  feed: (feed: Address): Key => `feed:${feed}`,
  /** What a vault of another make says that its shares are worth. */
  shares: (vault: Address): Key => `shares:${vault}`,
  /** What an oracle of another make answers. */
  quote: (oracle: Address, base: Address, quote: Address): Key => `quote:${oracle}:${base}:${quote}`,
} as const

const VAULT_KINDS = ['config', 'tokens', 'rates', 'status', 'ltvs', 'routes'] as const

export type VaultKind = (typeof VAULT_KINDS)[number]

/** A key taken apart. */
export type ParsedKey =
  | { readonly kind: VaultKind | 'account' | 'feed' | 'shares'; readonly address: Address }
  | { readonly kind: 'position'; readonly controller: Address; readonly account: Address }
  | { readonly kind: 'quote'; readonly oracle: Address; readonly base: Address; readonly quote: Address }

/** Takes a key apart; throws `UnknownKeyError` for what no version of this adapter wrote. */
export const parseKey = (key: Key): ParsedKey => {
  const [kind = '', first = '', second = '', third = ''] = key.split(':')
  switch (kind) {
    case 'position':
      return { kind, controller: getAddress(first), account: getAddress(second) }
    case 'quote':
      return { kind, oracle: getAddress(first), base: getAddress(second), quote: getAddress(third) }
    case 'account':
    case 'feed':
    case 'shares':
      return { kind, address: getAddress(first) }
    default: {
      const own = VAULT_KINDS.find((one) => one === kind)
      if (!own) throw new UnknownKeyError('Euler v2', key)
      return { kind: own, address: getAddress(first) }
    }
  }
}
