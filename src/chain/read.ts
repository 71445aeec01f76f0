// Calls at exactly one block, in as few requests as the endpoint allows.
import type { Address, Hash } from 'viem'
import type { BlockRef } from '../model/block.ts'
import type { Call, CallResult, ContractCall, StorageRead } from '../model/evm.ts'
import type { LearntEvent, PinnedRead } from './chain.ts'
import type { Failover } from './failover.ts'
import type { Lane } from './gate.ts'
import { createIsolation, type Performed } from './isolation.ts'
import type { ChainLimits } from './limits.ts'
import { asHash, asTimestamp, blockCalls } from './multicall.ts'
import { createPacking, gasOf, type Packing } from './packing.ts'
import { createPerformer, type Place, performPacked } from './performing.ts'
import { BlockMismatchError } from './pinned.ts'
import { allOf } from './side-by-side.ts'
import { readStorage } from './storage.ts'

export type ReadOptions = {
  readonly chainId: number
  readonly failover: Failover
  readonly limits: ChainLimits
  /** Multicall3 at a block; undefined where the chain has none, then calls go deployless. */
  multicall3At(block: BlockRef): Promise<Address | undefined>
  onLearnt(learnt: LearntEvent): void
}

/** The answers of contract calls at a block, and what the same requests proved about it. */
const createCallReader = (options: ReadOptions, packing: Packing) => {
  const { limits, onLearnt } = options
  const perform = createPerformer({ ...options, packing })
  const isolation = createIsolation({
    roundsMax: limits.isolationRoundsMax,
    onStarved: (calls) => {
      packing.gas.refused(gasOf(calls))
      onLearnt({ limit: 'callGas', value: Math.floor(packing.gas.current()) })
    },
  })
  return async (
    { block, multicall3, lane }: Place,
    calls: readonly ContractCall[],
    ancestors: readonly bigint[],
  ): Promise<PinnedRead> => {
    const proof = multicall3
      ? [blockCalls.timestamp(multicall3), ...ancestors.map((number) => blockCalls.hash(multicall3, number))]
      : []
    const all = [...proof, ...calls]
    const results: CallResult[] = []
    await allOf(lane, packing.pack(all, isolation.isGreedy), async (chunk, chunkLane) => {
      const performSome = (some: readonly ContractCall[]): Promise<Performed> =>
        perform({ block, multicall3, lane: chunkLane }, some)
      const own = await isolation.read(
        chunk.flatMap((index) => all[index] ?? []),
        (some) => performPacked(performSome, packing, some),
      )
      own.forEach((result, at) => {
        results[chunk[at] ?? 0] = result
      })
    })
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
  const packing = createPacking(limits)
  const readCalls = createCallReader(options, packing)
  const read = async (
    lane: Lane,
    block: BlockRef,
    calls: readonly Call[],
    ancestors: readonly bigint[],
  ): Promise<PinnedRead> => {
    const multicall3 = await multicall3At(block)
    const storageReads = calls.filter(isStorageRead)
    const contractCalls = calls.filter((call): call is ContractCall => !isStorageRead(call))
    const called = await readCalls({ block, multicall3, lane }, contractCalls, ancestors)
    if (storageReads.length === 0) return called
    const words = await readStorage(failover, multicall3, storageReads, block, limits, lane)
    const [fromCalls, fromStorage] = [called.results.values(), words.values()]
    const results = calls.flatMap((call) => {
      const { value } = (isStorageRead(call) ? fromStorage : fromCalls).next()
      return value ?? []
    })
    return { results, ancestors: called.ancestors }
  }
  return {
    read,
    /** What is learnt so far; undefined where no limit was met. */
    learnt: () => {
      const [gas, bytes] = [packing.gas, packing.answerBytes]
      return {
        callGasMax: gas.refusedAt() === undefined ? undefined : Math.floor(gas.current()),
        answerBytesMax: bytes.refusedAt() === undefined ? undefined : Math.floor(bytes.current()),
      }
    },
  }
}
