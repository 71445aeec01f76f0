// How many calls go into one request: by their gas, by the size of their answers, by their number.
import type { CallResult, ContractCall } from '../model/evm.ts'
import { createLearntLimit, type LearntLimit } from './learnt-limit.ts'
import type { ChainLimits } from './limits.ts'

/** Bytes around one answer in Multicall3's: its place, success, two lengths. */
const ANSWER_OVERHEAD_BYTES = 128
/** What is thought of an answer that was never seen. */
const UNSEEN_ANSWER_BYTES = 160

export const answerBytesOf = ({ data }: CallResult): number => ANSWER_OVERHEAD_BYTES + (data.length - 2) / 2

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

export const gasOf = (calls: readonly ContractCall[]): number => sum(calls.map(({ gasMax }) => gasMax))

/** What calls of one function answer, in bytes: the most seen, fading. */
const createSizes = () => {
  const sizes = new Map<string, number>()
  const nameOf = ({ data }: ContractCall): string => data.slice(0, 10)
  return {
    expected: (call: ContractCall): number => sizes.get(nameOf(call)) ?? UNSEEN_ANSWER_BYTES,
    saw: (call: ContractCall, bytes: number): void => {
      const known = sizes.get(nameOf(call)) ?? 0
      sizes.set(nameOf(call), Math.max(bytes, known * 0.9 + bytes * 0.1))
    },
  }
}

/** What is learnt of the requests that endpoints take. */
export type Packing = {
  /** Calls, by their places, in chunks that fit into one request each. A greedy call is a chunk of its own. */
  pack(
    calls: readonly ContractCall[],
    isGreedy: (call: ContractCall) => boolean,
  ): readonly (readonly number[])[]
  readonly gas: LearntLimit
  /** Of the answers, decoded. */
  readonly answerBytes: LearntLimit
  /** A request was answered whole. */
  answered(calls: readonly ContractCall[], results: readonly CallResult[]): void
}

/** Packs calls under the configured gas cap, with a tenth to spare, and under what was learnt; see `Packing`. */
export const createPacking = (limits: ChainLimits): Packing => {
  const gas = createLearntLimit(limits.callGasMax * 0.9)
  const answerBytes = createLearntLimit(Number.POSITIVE_INFINITY)
  const sizes = createSizes()
  return {
    gas,
    answerBytes,
    answered: (calls, results) => {
      for (const [index, call] of calls.entries()) {
        const result = results[index]
        if (result?.ok) sizes.saw(call, answerBytesOf(result))
      }
      gas.succeeded(gasOf(calls))
      answerBytes.succeeded(sum(results.map(answerBytesOf)))
    },
    pack: (calls, isGreedy) => {
      let [gasMax, bytesMax] = [gas.current(), answerBytes.current()]
      const [chunks, alone]: [number[][], number[][]] = [[], []]
      let [gasSum, bytesSum] = [0, 0]
      for (const [index, call] of calls.entries()) {
        const last = chunks.at(-1)
        const bytes = sizes.expected(call)
        if (isGreedy(call)) alone.push([index])
        else if (
          !last ||
          gasSum + call.gasMax > gasMax ||
          bytesSum + bytes > bytesMax ||
          last.length >= limits.readsPerCallMax
        ) {
          if (last) [gasMax, bytesMax] = [gas.safe(), answerBytes.safe()]
          chunks.push([index])
          ;[gasSum, bytesSum] = [call.gasMax, bytes]
        } else {
          last.push(index)
          gasSum += call.gasMax
          bytesSum += bytes
        }
      }
      return [...chunks, ...alone]
    },
  }
}
