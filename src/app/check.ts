// One look at accounts on demand, on many chains at once.
import type { Address } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { NoEndpointError } from '../chain/failover.ts'
import { StaleHeadError } from '../chain/heads.ts'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import { type Failure, type OnDemand, readAccounts } from '../monitor/on-demand.ts'
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

const blockAt = async (chain: Chain, number: bigint | undefined): Promise<BlockRef> => {
  if (number === undefined) return chain.head()
  const header = await chain.header(number)
  if (!header) throw new Error(`the endpoint has no block ${number}`)
  return header
}

const checkChain = async (
  config: ChainConfig,
  accounts: readonly Address[],
  blockNumber: bigint | undefined,
): Promise<OnDemand | Failure> => {
  const chain = openChain(config)
  try {
    const block = await blockAt(chain, blockNumber)
    return await readAccounts(chain, block, config.wanted, accounts, config.monitorLimits.readRoundsMax)
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
): Promise<CheckResult> => {
  const results = await Promise.all(chains.map((config) => checkChain(config, accounts, blockNumber)))
  const read = results.filter((result): result is OnDemand => 'assessments' in result)
  const failed = results.filter((result): result is Failure => 'reason' in result)
  return { chains: read, failures: [...failed, ...read.flatMap(({ failures }) => failures)] }
}
