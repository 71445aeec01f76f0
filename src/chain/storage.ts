// Words of contracts' storage at exactly one block: many in one eth_call where the endpoint takes state overrides, else one by one.
import { type Address, concat, type Hex, size } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { CallResult, ContractCall, StorageRead } from '../model/evm.ts'
import { chunksOf } from '../units/chunks.ts'
import type { Endpoint } from './endpoint.ts'
import type { Failover } from './failover.ts'
import type { Lane } from './gate.ts'
import type { ChainLimits } from './limits.ts'
import { aggregate, disaggregate } from './multicall.ts'
import { requestAt } from './pinned.ts'
import { EndpointError, kindOf, type RefusalKind } from './rpc-error.ts'
import { allOf } from './side-by-side.ts'

const WORD_BYTES = 32
const GAS_PER_WORD = 2_600
const GAS_PER_READ = 10_000

/**
 * Code that answers, for every word of its calldata, the word of storage at that slot. Put in a contract's place for one
 * call, it reads what the contract keeps:
 * `for (i = 0; calldatasize > i; i += 32) mstore(i, sload(calldataload(i))); return(0, calldatasize)`.
 */
const READER_CODE: Hex = '0x60005b8036111560155780355481526020016002565b366000f3'

/** Refusals that say nothing about overrides. */
const MAY_PASS: readonly RefusalKind[] = ['unreachable', 'unknown-block', 'rate-limited', 'timeout']

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

/** Words in requests of their own, so many at once. */
const oneByOne = async (
  endpoint: Endpoint,
  reads: readonly StorageRead[],
  block: BlockRef,
  requestsInFlightMax: number,
): Promise<readonly CallResult[]> => {
  const wanted = reads.flatMap(({ to, slots }) => slots.map((slot) => ({ to, slot })))
  const words: Hex[] = []
  for (const some of chunksOf(wanted, requestsInFlightMax)) {
    const requests = some.map(({ to, slot }) =>
      requestAt(endpoint, { method: 'eth_getStorageAt', before: [to, slot] }, block),
    )
    words.push(...((await Promise.all(requests)) as Hex[]))
  }
  let place = 0
  return reads.map(({ slots }): CallResult => {
    place += slots.length
    return { ok: true, data: concat(words.slice(place - slots.length, place)) }
  })
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
  { callGasMax, requestsInFlightMax }: ChainLimits,
  lane: Lane,
): Promise<readonly CallResult[]> => {
  const use = async (endpoint: Endpoint, chunk: readonly StorageRead[]): Promise<readonly CallResult[]> => {
    if (withoutOverrides.has(endpoint)) return oneByOne(endpoint, chunk, block, requestsInFlightMax)
    try {
      return await byOverride(endpoint, multicall3, chunk, block)
    } catch (error) {
      const kind = kindOf(error)
      if (kind === undefined || MAY_PASS.includes(kind)) throw error
      const words = await oneByOne(endpoint, chunk, block, requestsInFlightMax)
      withoutOverrides.add(endpoint)
      return words
    }
  }
  const parts = await allOf(lane, packReads(reads, callGasMax), (chunk, own) =>
    failover.use((endpoint) => use(endpoint, chunk), { lane: own }),
  )
  return parts.flat()
}
