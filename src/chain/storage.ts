// Words of contracts' storage at exactly one block: many in one eth_call where the endpoint takes state overrides, else one by one.
import { type Address, concat, type Hex, size } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { CallResult, ContractCall, StorageRead } from '../model/evm.ts'
import type { Endpoint } from './endpoint.ts'
import type { Failover } from './failover.ts'
import { aggregate, disaggregate } from './multicall.ts'
import { requestAt } from './pinned.ts'
import { EndpointError } from './rpc-error.ts'

const WORD_BYTES = 32
const GAS_PER_WORD = 2_600
const GAS_PER_READ = 10_000

/**
 * Code that answers, for every word of its calldata, the word of storage at that slot. Put in a contract's place for one
 * call, it reads what the contract keeps:
 * `for (i = 0; calldatasize > i; i += 32) mstore(i, sload(calldataload(i))); return(0, calldatasize)`.
 */
const READER_CODE: Hex = '0x60005b8036111560155780355481526020016002565b366000f3'

/** Endpoints that do not take state overrides, as it turned out. */
const withoutOverrides = new WeakSet<Endpoint>()

const byOverride = async (
  endpoint: Endpoint,
  multicall3: Address | undefined,
  reads: readonly StorageRead[],
  block: BlockRef,
): Promise<readonly CallResult[]> => {
  const calls = reads.map(
    ({ to, slots }): ContractCall => ({
      to,
      data: concat(slots as Hex[]),
      gasMax: GAS_PER_READ + GAS_PER_WORD * slots.length,
    }),
  )
  const overrides = Object.fromEntries(reads.map(({ to }) => [to, { code: READER_CODE }]))
  const transaction = await aggregate(multicall3, calls)
  const answer = await requestAt(
    endpoint,
    { method: 'eth_call', before: [transaction], after: [overrides] },
    block,
  )
  const results = disaggregate(answer as Hex, calls)
  const isWhole = results.every(
    (result, index) => result.ok && size(result.data) === (reads[index]?.slots.length ?? 0) * WORD_BYTES,
  )
  if (isWhole) return results
  throw new EndpointError(endpoint.name, 'eth_call', 'unsupported', 'it disregards state overrides')
}

const oneByOne = async (
  endpoint: Endpoint,
  reads: readonly StorageRead[],
  block: BlockRef,
): Promise<readonly CallResult[]> => {
  const wordOf = (to: Address, slot: Hex): Promise<unknown> =>
    requestAt(endpoint, { method: 'eth_getStorageAt', before: [to, slot] }, block)
  return Promise.all(
    reads.map(async ({ to, slots }): Promise<CallResult> => {
      const words = await Promise.all(slots.map((slot) => wordOf(to, slot)))
      return { ok: true, data: concat(words as Hex[]) }
    }),
  )
}

/** Pieces of reads, so that each piece stays under the gas cap. */
const packReads = (
  reads: readonly StorageRead[],
  callGasMax: number,
): readonly (readonly StorageRead[])[] => {
  const wordsMax = Math.max(1, Math.floor((callGasMax * 0.9 - GAS_PER_READ) / (GAS_PER_WORD + GAS_PER_READ)))
  const chunks: StorageRead[][] = []
  let words = 0
  for (const read of reads) {
    const last = chunks.at(-1)
    if (!last || words + read.slots.length > wordsMax) {
      chunks.push([read])
      words = read.slots.length
    } else {
      last.push(read)
      words += read.slots.length
    }
  }
  return chunks
}

/** Reads storage at a block; every answer is its slots' words, one after the other. Throws where no endpoint answers. */
export const readStorage = async (
  failover: Failover,
  multicall3: Address | undefined,
  reads: readonly StorageRead[],
  block: BlockRef,
  callGasMax: number,
): Promise<readonly CallResult[]> => {
  const results: CallResult[] = []
  for (const chunk of packReads(reads, callGasMax))
    results.push(
      ...(await failover.use(async (endpoint) => {
        if (withoutOverrides.has(endpoint)) return oneByOne(endpoint, chunk, block)
        try {
          return await byOverride(endpoint, multicall3, chunk, block)
        } catch (error) {
          if (
            !(error instanceof EndpointError) ||
            error.kind === 'unreachable' ||
            error.kind === 'unknown-block'
          )
            throw error
          const words = await oneByOne(endpoint, chunk, block)
          withoutOverrides.add(endpoint)
          return words
        }
      })),
    )
  return results
}
