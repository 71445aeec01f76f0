// Calls at exactly one block, in as few requests as the gas cap allows.
import { type Address, type Hash, type Hex, toHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { BaseError, messageOf } from '../model/errors.ts'
import type { Call, CallResult } from '../model/evm.ts'
import type { Header, PinnedRead } from './chain.ts'
import type { Endpoint } from './endpoint.ts'
import type { Failover } from './failover.ts'
import { headerOf } from './header.ts'
import { createIsolation, type Performed } from './isolation.ts'
import type { ChainLimits } from './limits.ts'
import { aggregate, asHash, asTimestamp, blockCalls, disaggregate } from './multicall.ts'
import { EndpointError } from './rpc-error.ts'

export class BlockMismatchError extends BaseError {
  override readonly name = 'BlockMismatchError'
  constructor(endpoint: string, block: BlockRef, what: string) {
    super(`${endpoint} did not answer at block ${block.number} (${block.hash}): ${what}`, {
      remedy:
        'The chain was reorganized meanwhile, or the endpoint is out of step; the next head tries again.',
    })
  }
}

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
  calls: readonly Call[],
  limits: ChainLimits,
  isGreedy: (call: Call) => boolean,
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

/** Endpoints that refuse a block hash as the block of a call; they are asked by number, with a proof around it. */
const pinsByNumber = new WeakSet<Endpoint>()

const callAtHash = (endpoint: Endpoint, transaction: object, block: BlockRef): Promise<unknown> =>
  endpoint.request('eth_call', [transaction, { blockHash: block.hash, requireCanonical: true }])

/**
 * By number, for endpoints that do not take a hash: the block at that height has to be the same before and after the
 * call, which no reorg in between leaves so.
 */
const callAtNumber = async (endpoint: Endpoint, transaction: object, block: BlockRef): Promise<unknown> => {
  const number = toHex(block.number)
  const check = async (): Promise<void> => {
    const found: Header | undefined = headerOf(
      block.chainId,
      await endpoint.request('eth_getBlockByNumber', [number, false]),
    )
    if (found?.hash !== block.hash)
      throw new BlockMismatchError(endpoint.name, block, `it has ${found?.hash ?? 'no block'} there`)
  }
  await check()
  const answer = await endpoint.request('eth_call', [transaction, number])
  await check()
  return answer
}

const callAt = async (endpoint: Endpoint, transaction: object, block: BlockRef): Promise<unknown> => {
  if (pinsByNumber.has(endpoint)) return callAtNumber(endpoint, transaction, block)
  try {
    return await callAtHash(endpoint, transaction, block)
  } catch (error) {
    if (kindOf(error) !== 'pinning') throw error
    const answer = await callAtNumber(endpoint, transaction, block)
    pinsByNumber.add(endpoint)
    return answer
  }
}

const isTooLarge = (error: unknown): boolean => kindOf(error) === 'out-of-gas' || kindOf(error) === 'range'

/** Performs calls of one chunk at a block; halves them where the endpoint finds them too large as a whole. */
const createPerformer = ({ failover, limits }: ReadOptions) => {
  const perform = async (
    block: BlockRef,
    multicall3: Address | undefined,
    calls: readonly Call[],
  ): Promise<readonly CallResult[]> => {
    const transaction = { ...(await aggregate(multicall3, calls)), gas: toHex(limits.callGasMax) }
    return failover.use(async (endpoint) => {
      const results = disaggregate((await callAt(endpoint, transaction, block)) as Hex)
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
    calls: readonly Call[],
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

/** Reads calls at one block; see `Chain.read`. Without Multicall3 no ancestor is proven. */
export const createReader = (options: ReadOptions) => {
  const { limits, multicall3At } = options
  const perform = createPerformer(options)
  const isolation = createIsolation(limits.isolationRoundsMax)

  return async (
    block: BlockRef,
    calls: readonly Call[],
    ancestors: readonly bigint[] = [],
  ): Promise<PinnedRead> => {
    const multicall3 = await multicall3At(block)
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
