// A chain that remembers what it answered, and asks everything that it was ever asked again at each head.
import type { Hash } from 'viem'
import type { Chain, Header } from '../../src/chain/chain.ts'
import type { BlockRef } from '../../src/model/block.ts'
import type { Call, CallResult, Log } from '../../src/model/evm.ts'
import type { Rpc } from '../devnet/rpc.ts'
import { type Answer, type Fixture, nameOf, type RecordedBlock, type RecordedHead } from './fixture.ts'

export type Recorder = {
  /** The chain to be followed meanwhile. */
  readonly chain: Chain
  /** Remembers a head, once everything was asked at it: its blocks, and what all calls so far answer there. */
  close(head: Header): Promise<void>
  /** What has been recorded. */
  recording(): Pick<Fixture, 'blocks' | 'calls' | 'results' | 'heads'>
}

type RpcLog = Pick<Log, 'address' | 'topics' | 'data' | 'blockHash' | 'transactionHash'> & {
  readonly blockNumber: string
  readonly logIndex: string
}

const logOf = ({ address, topics, data, blockHash, transactionHash, ...log }: RpcLog): Log => ({
  ...{ address, topics, data, blockHash, transactionHash },
  blockNumber: BigInt(log.blockNumber),
  logIndex: Number(log.logIndex),
})

/** A table of distinct things, by what names them. */
const tableOf = <T>(name: (one: T) => string) => {
  const items: T[] = []
  const indexes = new Map<string, number>()
  return {
    items,
    indexOf: (one: T): number => {
      const known = indexes.get(name(one))
      if (known !== undefined) return known
      indexes.set(name(one), items.length)
      return items.push(one) - 1
    },
  }
}

/** Records `chain`, whose node answers `rpc`, from `fromBlock` on. */
export const createRecorder = (chain: Chain, rpc: Rpc, fromBlock: bigint): Recorder => {
  const blocks = new Map<Hash, RecordedBlock>()
  const calls = tableOf<Call>(nameOf)
  const results = tableOf<CallResult>((result) => JSON.stringify(result))
  const heads: RecordedHead[] = []
  const known = new Map<number, number>()
  let asked = new Map<number, number>()

  const remember = (of: readonly Call[], answers: readonly CallResult[]): void => {
    for (const [index, call] of of.entries()) {
      const answer = answers[index]
      if (answer) asked.set(calls.indexOf(call), results.indexOf(answer))
    }
  }
  const askAgain = async (block: BlockRef): Promise<void> => {
    const missing = calls.items.filter((call) => !asked.has(calls.indexOf(call)))
    const isPlain = (call: Call): boolean => !('before' in call)
    const plain = missing.filter(isPlain)
    remember(plain, (await chain.read(block, plain)).results)
    for (const call of missing.filter((one) => !isPlain(one)))
      remember([call], (await chain.read(block, [call])).results)
  }
  const rememberBlocks = async (head: Header): Promise<void> => {
    let header: Header | undefined = head
    while (header && !blocks.has(header.hash) && header.number >= fromBlock) {
      const logs = await rpc.request<readonly RpcLog[]>('eth_getLogs', [{ blockHash: header.hash }])
      blocks.set(header.hash, { header, logs: logs.map(logOf) })
      header = await chain.header(header.parentHash)
    }
  }
  return {
    chain: {
      ...chain,
      read: async (block, of, ancestors) => {
        const read = await chain.read(block, of, ancestors)
        remember(of, read.results)
        return read
      },
    },
    close: async (head) => {
      await rememberBlocks(head)
      await askAgain(head)
      const answers = [...asked].filter(([call, result]) => known.get(call) !== result)
      for (const [call, result] of answers) known.set(call, result)
      heads.push({ hash: head.hash, answers: answers.map((answer): Answer => answer) })
      asked = new Map()
    },
    recording: () => ({
      blocks: [...blocks.values()].sort((a, b) => Number(a.header.number - b.header.number)),
      calls: calls.items.map(nameOf),
      results: results.items,
      heads,
    }),
  }
}
