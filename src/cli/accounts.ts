// Accounts as they are given: addresses, or names of ENS, which are looked up.
import type { Address } from 'viem'
import type { ChainConfig } from '../app/config/config.ts'
import { chainWithNames, resolveNames } from '../app/names.ts'
import { normalizedName } from '../chain/name-text.ts'
import type { ResolvedName } from '../chain/names.ts'
import { accountArgument, isNameText } from './parse.ts'

type Accounts = { readonly addresses: readonly Address[]; readonly names: readonly ResolvedName[] }

/**
 * The addresses of accounts, each once, and what their names stand for: on the first of `chains` that has names, else of `otherChains`. On
 * the former at `blockNumber`, where one is told. Throws `UsageError` and `NameError`, and what the chain throws.
 */
export const accountsOf = async (
  texts: readonly string[],
  chains: readonly ChainConfig[],
  otherChains: readonly ChainConfig[] = [],
  blockNumber?: bigint,
): Promise<Accounts> => {
  const parsed = texts.map((text) =>
    isNameText(text) ? { name: normalizedName(text) } : accountArgument(text),
  )
  const wanted = [...new Set(parsed.flatMap((one) => (typeof one === 'string' ? [] : one.name)))]
  if (wanted.length === 0)
    return { addresses: [...new Set(parsed.filter((one) => typeof one === 'string'))], names: [] }
  const chain = chainWithNames([...chains, ...otherChains])
  const names = await resolveNames(chain, wanted, chains.includes(chain) ? blockNumber : undefined)
  const addressOf = new Map(names.map(({ name, address }) => [name, address]))
  const addresses = parsed.flatMap((one) => (typeof one === 'string' ? one : (addressOf.get(one.name) ?? [])))
  return { addresses: [...new Set(addresses)], names }
}
