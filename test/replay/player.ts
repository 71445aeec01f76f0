// A chain that answers from a recording, and nothing else.
import type { Hash } from 'viem'
import type { Chain, Header } from '../../src/chain/chain.ts'
import type { Call, CallResult } from '../../src/model/evm.ts'
import { type Fixture, nameOf, type RecordedBlock } from './fixture.ts'

/** A recording that does not hold what it was asked: the adapter asks other things than when it was made. */
export class NotRecordedError extends Error {
  override readonly name = 'NotRecordedError'
  constructor(what: string) {
    super(`${what} was not recorded. Record anew: scripts/record-fixture.ts`)
  }
}

export type Player = {
  readonly chain: Chain
  /** What a call, by its name, answers at the current head. */
  answer(name: string): CallResult | undefined
  /** Goes on to the next recorded head; undefined behind the last. */
  next(): Header | undefined
}

const LOG_RANGE = 10_000n

/** Plays a recording, head by head. */
export const playerOf = ({ blocks, calls, results, heads, deployments }: Fixture): Player => {
  const byHash = new Map(blocks.map((block) => [block.header.hash, block]))
  const callIndexes = new Map(calls.map((call, index) => [call, index]))
  const answers = new Map<number, number>()
  let position = -1

  const blockOf = (hash: Hash): RecordedBlock => {
    const block = byHash.get(hash)
    if (!block) throw new NotRecordedError(`block ${hash}`)
    return block
  }
  const currentHead = (): Header => {
    const head = heads[Math.min(position, heads.length - 1)]
    if (!head) throw new NotRecordedError(`head ${position}`)
    return blockOf(head.hash).header
  }
  /** From the head down, as far as recorded. */
  const branchOf = (head: Header): readonly RecordedBlock[] => {
    const found: RecordedBlock[] = []
    let block: RecordedBlock | undefined = blockOf(head.hash)
    while (block) {
      found.push(block)
      block = byHash.get(block.header.parentHash)
    }
    return found
  }
  let branch: readonly RecordedBlock[] = []
  const answer = (name: string): CallResult | undefined => {
    const index = answers.get(callIndexes.get(name) ?? -1)
    return index === undefined ? undefined : results[index]
  }
  const answerOf = (call: Call): CallResult => {
    const name = nameOf(call)
    const result = answer(name)
    if (!result) throw new NotRecordedError(`the call ${name}`)
    return result
  }
  const read: Chain['read'] = async (block, of, ancestors = []) => {
    if (block.hash !== currentHead().hash) throw new NotRecordedError(`state at block ${block.hash}`)
    const asked = branch.filter(({ header }) => ancestors.includes(header.number))
    return {
      results: of.map(answerOf),
      ancestors: new Map(asked.map(({ header }) => [header.number, header.hash])),
    }
  }
  const logs: Chain['logs'] = async ({ addresses, topics, fromBlock, toBlock }) => {
    const wanted = new Set(addresses.map((address) => address.toLowerCase()))
    return branch
      .filter(({ header: { number } }) => number >= fromBlock && number <= toBlock)
      .reverse()
      .flatMap(({ logs }) => logs)
      .filter(
        ({ address, topics: [first] }) =>
          wanted.has(address.toLowerCase()) && first !== undefined && topics.includes(first),
      )
  }
  return {
    answer,
    next: () => {
      position += 1
      const head = heads[position]
      if (!head) return undefined
      for (const [call, result] of head.answers) answers.set(call, result)
      branch = branchOf(currentHead())
      return currentHead()
    },
    chain: {
      id: deployments[0]?.chainId ?? 0,
      label: 'recorded',
      head: async () => currentHead(),
      heads: () => {
        throw new NotRecordedError('a subscription to heads')
      },
      header: async (at) =>
        typeof at === 'bigint'
          ? branch.find(({ header }) => header.number === at)?.header
          : byHash.get(at)?.header,
      logs,
      requestsInFlightMax: 1,
      learnt: () => ({ logRange: LOG_RANGE, callGasMax: undefined, answerBytesMax: undefined }),
      background: () => ({ logs, read }),
      read,
      readCached: async (block, of) => (await read(block, of)).results,
      codeSize: async () => {
        throw new NotRecordedError('code')
      },
      lentGas: async () => {
        throw new NotRecordedError('gas')
      },
      simulate: async () => {
        throw new NotRecordedError('a simulation')
      },
      estimateGas: async () => {
        throw new NotRecordedError('gas')
      },
      endpoints: () => [],
      close: () => undefined,
    },
  }
}
