// Calls at exactly one block, in as few requests as the gas cap allows.
import { type Address, type Hash, type Hex, toHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { Call, CallResult, ContractCall, StorageRead } from '../model/evm.ts'
import type { PinnedRead } from './chain.ts'
import type { Failover } from './failover.ts'
import { createIsolation, type Performed } from './isolation.ts'
import type { ChainLimits } from './limits.ts'
import { aggregate, asHash, asTimestamp, blockCalls, disaggregate } from './multicall.ts'
import { BlockMismatchError, requestAt } from './pinned.ts'
import { EndpointError } from './rpc-error.ts'
import { readStorage } from './storage.ts'

export type ReadOptions = {
  readonly chainId: number
  readonly failover: Failover
  readonly limits: ChainLimits
  /** Multicall3 at a block; undefined where the chain has none, then calls go deployless. */
  multicall3At(block: BlockRef): Promise<Address | undefined>
}

const kindOf = (error: unknown): string | undefined =>
  error instanceof EndpointError ? error.kind : undefined

/**
 * Packs calls, by their places, so that each chunk stays under the gas cap, with a tenth to spare, and under the count
 * of calls. A greedy call is a chunk of its own.
 */
export const packCalls = (
  calls: readonly ContractCall[],
  limits: ChainLimits,
  isGreedy: (call: ContractCall) => boolean,
): readonly (readonly number[])[] => {
  const budget = limits.callGasMax * 0.9
  const chunks: number[][] = []
  const alone: number[][] = []
  let gas = 0
  for (const [index, call] of calls.entries()) {
    const last = chunks.at(-1)
    if (isGreedy(call)) alone.push([index])
    else if (!last || gas + call.gasMax > budget || last.length >= limits.readsPerCallMax) {
      chunks.push([index])
      gas = call.gasMax
    } else {
      last.push(index)
      gas += call.gasMax
    }
  }
  return [...chunks, ...alone]
}

const isTooLarge = (error: unknown): boolean => kindOf(error) === 'out-of-gas' || kindOf(error) === 'range'

/** Performs calls of one chunk at a block; halves them where the endpoint finds them too large as a whole. */
const createPerformer = ({ failover, limits }: ReadOptions) => {
  const perform = async (
    block: BlockRef,
    multicall3: Address | undefined,
    calls: readonly ContractCall[],
  ): Promise<readonly CallResult[]> => {
    const transaction = { ...(await aggregate(multicall3, calls)), gas: toHex(limits.callGasMax) }
    return failover.use(async (endpoint) => {
      const results = disaggregate(
        (await requestAt(endpoint, { method: 'eth_call', before: [transaction] }, block)) as Hex,
        calls,
      )
      if (results.length === calls.length) return results
      throw new EndpointError(
        endpoint.name,
        'eth_call',
        'unreachable',
        'the answer has another number of results',
      )
    }, isTooLarge)
  }
  const performOrHalve = async (
    block: BlockRef,
    multicall3: Address | undefined,
    calls: readonly ContractCall[],
  ): Promise<Performed> => {
    try {
      return { results: await perform(block, multicall3, calls), isWhole: true }
    } catch (error) {
      if (!isTooLarge(error)) throw error
      const detail = `reverted: it needs more than the endpoint gives (${messageOf(error)})`
      if (calls.length === 1) return { results: [{ ok: false, data: '0x', error: detail }], isWhole: false }
      const middle = Math.ceil(calls.length / 2)
      const first = await performOrHalve(block, multicall3, calls.slice(0, middle))
      const second = await performOrHalve(block, multicall3, calls.slice(middle))
      return { results: [...first.results, ...second.results], isWhole: false }
    }
  }
  return performOrHalve
}

/** The answers of contract calls at a block, and what the same requests proved about it. */
const createCallReader = (options: ReadOptions) => {
  const { limits } = options
  const perform = createPerformer(options)
  const isolation = createIsolation(limits.isolationRoundsMax)
  return async (
    block: BlockRef,
    multicall3: Address | undefined,
    calls: readonly ContractCall[],
    ancestors: readonly bigint[],
  ): Promise<PinnedRead> => {
    const proof = multicall3
      ? [blockCalls.timestamp(multicall3), ...ancestors.map((number) => blockCalls.hash(multicall3, number))]
      : []
    const all = [...proof, ...calls]
    const results: CallResult[] = []
    for (const chunk of packCalls(all, limits, isolation.isGreedy)) {
      const own = await isolation.read(
        chunk.flatMap((index) => all[index] ?? []),
        (some) => perform(block, multicall3, some),
      )
      own.forEach((result, at) => {
        results[chunk[at] ?? 0] = result
      })
    }
    const timestamp = asTimestamp(results[0])
    if (multicall3 && timestamp !== block.timestamp)
      throw new BlockMismatchError(
        'an endpoint',
        block,
        `the call ran at time ${timestamp ?? 'unknown'}, not ${block.timestamp}`,
      )
    const hashes = new Map<bigint, Hash>()
    ancestors.forEach((number, index) => {
      const hash = multicall3 ? asHash(results[1 + index]) : undefined
      if (hash) hashes.set(number, hash)
    })
    return { results: results.slice(proof.length), ancestors: hashes }
  }
}

const isStorageRead = (call: Call): call is StorageRead => 'slots' in call

/** Reads calls and words of storage at one block; see `Chain.read`. Without Multicall3 no ancestor is proven. */
export const createReader = (options: ReadOptions) => {
  const { failover, limits, multicall3At } = options
  const readCalls = createCallReader(options)
  return async (
    block: BlockRef,
    calls: readonly Call[],
    ancestors: readonly bigint[] = [],
  ): Promise<PinnedRead> => {
    const multicall3 = await multicall3At(block)
    const storageReads = calls.filter(isStorageRead)
    const contractCalls = calls.filter((call): call is ContractCall => !isStorageRead(call))
    const called = await readCalls(block, multicall3, contractCalls, ancestors)
    if (storageReads.length === 0) return called
    const words = await readStorage(failover, multicall3, storageReads, block, limits.callGasMax)
    const [fromCalls, fromStorage] = [called.results.values(), words.values()]
    const results = calls.flatMap((call) => {
      const { value } = (isStorageRead(call) ? fromStorage : fromCalls).next()
      return value ?? []
    })
    return { results, ancestors: called.ancestors }
  }
}
