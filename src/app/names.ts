// Names of ENS, looked up on demand.
import type { Address } from 'viem'
import { noRegistryError } from '../chain/name-text.ts'
import { type ResolvedName, resolveName } from '../chain/names.ts'
import { openChain } from './chains.ts'
import { blockAt } from './check.ts'
import type { ChainConfig } from './config/config.ts'

/** The first chain that has names. Throws `NameError` where none has. */
export const chainWithNames = <C extends Pick<ChainConfig, 'id' | 'ensRegistry'>>(
  chains: readonly C[],
): C & { readonly ensRegistry: Address } => {
  const found = chains.find(
    (one): one is C & { readonly ensRegistry: Address } => one.ensRegistry !== undefined,
  )
  if (found) return found
  throw noRegistryError(chains.map(({ id }) => id))
}

/** What names stand for on a chain, all at one block: the given one, else the head. Throws as `resolveName` does. */
export const resolveNames = async (
  config: ChainConfig & { readonly ensRegistry: Address },
  names: readonly string[],
  blockNumber: bigint | undefined,
): Promise<readonly ResolvedName[]> => {
  const chain = openChain(config)
  try {
    const block = await blockAt(chain, blockNumber)
    return await Promise.all(
      names.map((name) => resolveName(chain.readCached, block, config.ensRegistry, name)),
    )
  } finally {
    chain.close()
  }
}
