// One look at accounts on demand, on many chains at once.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { NoEndpointError } from '../chain/failover.ts'
import { StaleHeadError } from '../chain/heads.ts'
import { type BlockRef, blockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { CatalogueProgress } from '../monitor/catalogue.ts'
import { type Failure, type OnDemand, readAccounts } from '../monitor/on-demand.ts'
import { createCatalogueStore } from './catalogue-store.ts'
import { openChain } from './chains.ts'
import type { ChainConfig } from './config/config.ts'

export type CheckResult = { readonly chains: readonly OnDemand[]; readonly failures: readonly Failure[] }

/** What a whole chain's failure is called. */
export const failureReason = (error: unknown): 'stale-head' | 'endpoint-down' | 'read-failed' => {
  if (error instanceof StaleHeadError) return 'stale-head'
  if (error instanceof NoEndpointError)
    return error.causes.length > 0 && error.causes.every((cause) => cause instanceof StaleHeadError)
      ? 'stale-head'
      : 'endpoint-down'
  return 'read-failed'
}

/** The block of a number, else the head. Throws where the endpoint has none, and what the chain throws. */
export const blockAt = async (chain: Chain, wanted: bigint | undefined): Promise<BlockRef> => {
  const header = wanted === undefined ? await chain.head() : await chain.header(wanted)
  if (!header) throw new Error(`the endpoint has no block ${wanted}`)
  return blockRef(header)
}

/** What a check tells while it goes on: how far the search for markets is, and that it will not be remembered. */
export type CheckEvents = {
  onProgress(progress: CatalogueProgress): void
  onUnsaved(reason: string): void
}

const checkChain = async (
  config: ChainConfig,
  accounts: readonly Address[],
  blockNumber: bigint | undefined,
  { onProgress, onUnsaved }: CheckEvents,
): Promise<OnDemand | Failure> => {
  const chain = openChain(config)
  try {
    const block = await blockAt(chain, blockNumber)
    const { readRoundsMax, reorgDepthMax } = config.monitorLimits
    const store = createCatalogueStore(onUnsaved)
    const catalogue = { store, reorgDepthMax, onProgress }
    return await readAccounts(chain, block, config.wanted, accounts, readRoundsMax, catalogue, config.groups)
  } catch (error) {
    return { chainId: config.id, market: null, reason: failureReason(error), detail: messageOf(error) }
  } finally {
    chain.close()
  }
}

/** Reads accounts on every chain, each at one block. A chain that does not answer is a failure, never an empty list. */
export const checkAccounts = async (
  chains: readonly ChainConfig[],
  accounts: readonly Address[],
  blockNumber: bigint | undefined,
  events: CheckEvents,
): Promise<CheckResult> => {
  const results = await Promise.all(chains.map((config) => checkChain(config, accounts, blockNumber, events)))
  const read = results.filter((result): result is OnDemand => 'assessments' in result)
  const failed = results.filter((result): result is Failure => 'reason' in result)
  return { chains: read, failures: [...failed, ...read.flatMap(({ failures }) => failures)] }
}
