// One chunk of calls: performed at a block, made smaller where the endpoint finds it too large, and remembered.
import { type Address, type Hex, toHex } from 'viem'
import type { BlockRef } from '../model/block.ts'
import { messageOf } from '../model/errors.ts'
import type { CallResult, ContractCall } from '../model/evm.ts'
import type { LearntEvent } from './chain.ts'
import type { Endpoint } from './endpoint.ts'
import { type Failover, isTimedOut } from './failover.ts'
import type { Lane } from './gate.ts'
import { isSilent, type Performed } from './isolation.ts'
import type { ChainLimits } from './limits.ts'
import { aggregate, disaggregate } from './multicall.ts'
import { answerBytesOf, gasOf, type Packing } from './packing.ts'
import { requestAt } from './pinned.ts'
import { EndpointError, kindOf } from './rpc-error.ts'

export type PerformerOptions = {
  readonly failover: Failover
  readonly limits: ChainLimits
  readonly packing: Packing
  onLearnt(learnt: LearntEvent): void
}

const isTooLarge = (error: unknown): boolean => kindOf(error) === 'out-of-gas' || kindOf(error) === 'range'

/** Where calls are made: at a block, as somebody's request. */
export type Place = {
  readonly block: BlockRef
  readonly multicall3: Address | undefined
  readonly lane: Lane
}

/**
 * Performs calls at a block in one request; halves them, and learns from it, where the endpoint finds them too large. A
 * bootstrap asks for less also where there was no answer in time.
 */
export const createPerformer = ({ failover, limits, packing, onLearnt }: PerformerOptions) => {
  const request = async (
    { block, multicall3, lane }: Place,
    calls: readonly ContractCall[],
  ): Promise<readonly CallResult[]> => {
    const transaction = { ...(await aggregate(multicall3, calls)), gas: toHex(limits.callGasMax) }
    const use = async (endpoint: Endpoint): Promise<readonly CallResult[]> => {
      const answer = await requestAt(endpoint, { method: 'eth_call', before: [transaction] }, block)
      const results = disaggregate(answer as Hex, calls)
      if (results.length === calls.length) return results
      const detail = 'the answer has another number of results'
      throw new EndpointError(endpoint.name, 'eth_call', 'unreachable', detail)
    }
    return failover.use(use, { isFinal: isTooLarge, lane })
  }
  const learn = (error: unknown, calls: readonly ContractCall[], results: readonly CallResult[]): void => {
    if (kindOf(error) === 'out-of-gas') {
      packing.gas.refused(gasOf(calls))
      onLearnt({ limit: 'callGas', value: Math.floor(packing.gas.current()) })
    } else {
      packing.answerBytes.refused(results.reduce((sum, result) => sum + answerBytesOf(result), 0))
      onLearnt({ limit: 'answerBytes', value: Math.floor(packing.answerBytes.current()) })
    }
  }
  const performOrHalve = async (
    place: Place,
    calls: readonly ContractCall[],
    timeoutsMax = limits.attemptsMax,
  ): Promise<Performed> => {
    try {
      const results = await request(place, calls)
      packing.answered(calls, results)
      return { results, isWhole: true }
    } catch (error) {
      const isSlow = isTimedOut(error)
      if (isSlow && calls.length > 1) packing.gas.timedOut()
      const asksForLess = isSlow && place.lane.isBackground && calls.length > 1 && timeoutsMax > 1
      if (!isTooLarge(error) && !asksForLess) throw error
      const detail = `reverted: it needs more than the endpoint gives (${messageOf(error)})`
      if (calls.length === 1) return { results: [{ ok: false, data: '0x', error: detail }], isWhole: false }
      const middle = Math.ceil(calls.length / 2)
      const left = isSlow ? timeoutsMax - 1 : timeoutsMax
      const first = await performOrHalve(place, calls.slice(0, middle), left)
      const second = await performOrHalve(place, calls.slice(middle), left)
      const results = [...first.results, ...second.results]
      // Where one call may have been too large by itself, nothing is learnt of the others.
      if (!isSlow && !results.some(isSilent)) learn(error, calls, results)
      return { results, isWhole: false }
    }
  }
  return performOrHalve
}

/** Performs calls in as many requests as what is learnt by then asks for, one after the other. */
export const performPacked = async (
  perform: (calls: readonly ContractCall[]) => Promise<Performed>,
  packing: Packing,
  calls: readonly ContractCall[],
): Promise<Performed> => {
  const results: CallResult[] = []
  let isWhole = true
  for (const chunk of packing.pack(calls, () => false)) {
    const performed = await perform(chunk.flatMap((index) => calls[index] ?? []))
    isWhole &&= performed.isWhole
    results.push(...performed.results)
  }
  return { results, isWhole }
}
