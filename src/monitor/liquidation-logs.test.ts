import type { Address } from 'viem'
import { expect, test } from 'vitest'
import type { Header, LogQuery } from '../chain/chain.ts'
import type { Log } from '../model/evm.ts'
import type { Tracked } from '../store/book.ts'
import { createLiquidationLogs } from './liquidation-logs.ts'

const OWNER: Address = '0x00000000000000000000000000000000000000aa'
const STRANGER: Address = '0x00000000000000000000000000000000000000bb'
const RANGE = 10

const headAt = (number: number): Header => ({ number: BigInt(number), hash: `0x${number}` }) as never
const spanFrom = (number: number) => ({
  isReorg: false,
  ancestor: { chainId: 1, number: BigInt(number), hash: '0x', timestamp: 0 } as const,
  isSameBlock: false,
})

/** A protocol whose only contract tells of one liquidation in each block, of whoever the log's data says. */
const tracked = {
  adapter: {
    subscriptions: () => [
      { addresses: ['0xpool'], topics: ['0xborrow'] },
      { addresses: ['0xpool'], topics: ['0xliquidation'], liquidates: true },
    ],
    reduce: (_mirror: unknown, { data, blockNumber }: Log) => [
      { kind: 'due', key: 'something' },
      { kind: 'liquidation', liquidation: { owner: data, blockNumber } },
    ],
  },
} as unknown as Tracked

/** A chain with a liquidation of each of two accounts in the blocks told; `refuses` while it is set. */
const createWorld = (liquidatedIn: readonly number[]) => {
  const asked: string[] = []
  const world = { isRefusing: false }
  const logs = async ({ fromBlock, toBlock, topics, addresses }: LogQuery): Promise<readonly Log[]> => {
    asked.push(`${addresses} ${topics} ${fromBlock}-${toBlock}`)
    if (world.isRefusing) throw new Error('not served')
    return liquidatedIn
      .filter((block) => fromBlock <= block && block <= toBlock)
      .flatMap((block) => [OWNER, STRANGER].map((data) => ({ data, blockNumber: BigInt(block) }) as never))
  }
  const reader = createLiquidationLogs({
    chain: { background: () => ({ logs }), learnt: () => ({ logRange: BigInt(RANGE) }) } as never,
    book: { tracked: [tracked] },
    watched: [OWNER],
  })
  /** A cycle from a block to a head that commits, unless told; what it found, and whether that is all. */
  const cycle = async (from: number, to: number, isCommitted = true): Promise<readonly unknown[]> => {
    asked.length = 0
    const { liquidations, isWhole, fault, accept } = await reader.read(spanFrom(from), headAt(to))
    if (isCommitted) accept()
    return [liquidations.map(({ blockNumber }) => Number(blockNumber)), isWhole, fault !== undefined]
  }
  return { world, asked, cycle }
}

test('one request for what tells of liquidations, of watched accounts alone', async () => {
  const { asked, cycle } = createWorld([7])
  expect(await cycle(6, 7)).toEqual([[7], true, false])
  expect(asked).toEqual(['0xpool 0xliquidation 7-7'])
  expect(await cycle(7, 8)).toEqual([[], true, false])
})

test('what a request does not cover is left to the next cycles, oldest first, and not known until then', async () => {
  const { asked, cycle } = createWorld([5, 18, 23])
  expect(await cycle(0, 22)).toEqual([[5], false, false])
  expect(asked).toEqual(['0xpool 0xliquidation 1-10'])
  expect(await cycle(22, 23)).toEqual([[18], false, false])
  expect(await cycle(23, 24)).toEqual([[23], true, false])
})

test('what could not be read, or was not committed, is read later, after ever more heads', async () => {
  const { world, asked, cycle } = createWorld([1, 3, 4])
  expect(await cycle(0, 1, false)).toEqual([[1], true, false])
  expect(await cycle(0, 1)).toEqual([[1], true, false])
  world.isRefusing = true
  const tries: number[] = []
  for (let block = 2; block < 10; block++) {
    const [found, isWhole, isFaulty] = await cycle(block - 1, block)
    expect([found, isWhole]).toEqual([[], false])
    if (isFaulty) tries.push(block)
    expect(asked.length).toBe(isFaulty ? 1 : 0)
  }
  expect(tries).toEqual([2, 3, 5, 9])
  world.isRefusing = false
  for (let block = 10; asked.length === 0 || block === 10; block++)
    if ((await cycle(block - 1, block)).at(1) === true) break
  expect(asked).toEqual(['0xpool 0xliquidation 2-11'])
})
